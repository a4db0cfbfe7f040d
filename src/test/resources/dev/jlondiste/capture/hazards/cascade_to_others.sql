-- Hazard: cascade to others
-- Since: 9
-- Level: statement

create table t (id int primary key, v text, n numeric);
create table s (id int primary key, t int references t on delete cascade);

-- Statements

insert into t values (1, 'a', 1), (2, 'b', 2);
insert into s values (1, 1);

delete from t where id = 1;
