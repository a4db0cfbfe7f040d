-- Hazard: data-modifying with
-- Since: 9
-- Level: statement

create table t (id int primary key, v text, n numeric);

-- Statements

insert into t select g, 'v', g from generate_series(1, 8) g;

with d as (delete from t where id < 4 returning *) insert into t select id, 'again', n from d;

with d as (delete from t where id < 4 returning *) insert into t select id, 'limit', n from d
    limit 1;

with d as (delete from t where id = 5 returning *) update t set id = 5 from d where t.id = 6;

with i as (insert into t values (50, 'i', 1)), d as (delete from t where id = 7) update t set v
    = 'u' where id = 8;

with d as (delete from t where id = 8), e as (delete from t where id = 5) insert into t values
    (60, 'e', 1);

insert into t values (70, 'later', 1);
delete from t where id = 70;
insert into t values (70, 'again', 1);
