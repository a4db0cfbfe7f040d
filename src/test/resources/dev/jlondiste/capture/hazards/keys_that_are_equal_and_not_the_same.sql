-- Hazard: keys that are equal and not the same
-- Since: 9
-- Level: statement

create table t (id numeric, c char(5), primary key (id, c));

-- Statements

insert into t values (1.0, 'a'), (2, 'b');

update t set id = 1.00 where id = 1;

update t set c = 'x' where id = 2;
