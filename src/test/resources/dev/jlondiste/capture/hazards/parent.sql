-- Hazard: parent
-- Since: 9
-- Level: row (has children: public.kid)

create table t (id int primary key, v text, n numeric);
create table kid () inherits (t);

-- Statements

insert into t values (1, 'a', 1);
insert into kid values (1, 'kid', 1), (2, 'kid', 1);

update t set v = 'c';

delete from t where id = 2;
