-- Hazard: cascade that comes back
-- Since: 9
-- Level: row (actions of foreign key t_s_fkey change the table again)

create table t (id int primary key, s int);
create table s (id int primary key, t int constraint s_t_fkey references t on delete cascade);
alter table t add constraint t_s_fkey foreign key (s) references s on delete set null;

-- Statements

insert into t values (1, null), (2, null);
insert into s values (1, 1);
update t set s = 1;

delete from t where id = 1;
