-- Hazard: plain
-- Since: 9
-- Level: statement

create table t (id int primary key, v text, n numeric);

-- Statements

insert into t select g, 'v' || g, g / 3.0 from generate_series(1, 20) g;

update t set v = 'w' where id > 10;

update t set id = id + 100;

update t set id = id - 1;

delete from t where id % 3 = 0;

delete from t where false;

update t set v = 'none' where false;

truncate t;

insert into t values (1, null, 'NaN');
