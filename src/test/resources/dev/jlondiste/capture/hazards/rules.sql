-- Hazard: rules
-- Since: 9
-- Level: statement

create table t (id int primary key, v text, n numeric);
create rule r as on insert to t do also update t set v = 'ruled' where id = new.id;
create rule d as on delete to t where old.id = 2 do instead update t set v = 'kept' where id =
    old.id;

-- Statements

insert into t values (1, 'a', 1);

insert into t values (2, 'b', 2);

delete from t;
