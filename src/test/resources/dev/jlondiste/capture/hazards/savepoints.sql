-- Hazard: savepoints
-- Since: 9
-- Level: statement

create table t (id int primary key, v text, n numeric);

-- Statements

begin;
insert into t values (1, 'a', 1);
savepoint s;
update t set id = 2;
with d as (delete from t returning *) insert into t select 3, v, n from d limit 1;
rollback to s;
update t set v = 'b';
delete from t where id = 7;
insert into t values (9, 'z', 9);
commit;
