-- Hazard: row security
-- Since: 9
-- Level: row (row security)

create table t (id int primary key, v text, n numeric);
alter table t enable row level security;

-- Statements

insert into t values (1, 'a', 1);
update t set id = 2;
