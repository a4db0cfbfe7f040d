-- Hazard: deferrable key
-- Since: 9
-- Level: row (primary key is deferrable)

create table t (id int primary key deferrable initially deferred, v text);

-- Statements

insert into t values (1, 'a'), (2, 'b');

update t set v = 'c';

delete from t where id = 1;
