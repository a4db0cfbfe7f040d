-- Hazard: self-referencing cascade
-- Since: 9
-- Level: row (actions of foreign key t_up_fkey change the table again)

create table t (id int primary key, up int references t on delete cascade on update cascade);

-- Statements

insert into t values (1, null), (2, 1), (3, 2), (4, null);

update t set id = 10 where id = 1;

delete from t where id in (2, 10);
