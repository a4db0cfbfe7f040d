-- Hazard: child
-- Since: 9
-- Level: row (inherits from public.p)

create table p (id int, v text);
create table t (primary key (id)) inherits (p);

-- Statements

insert into t values (1, 'a'), (2, 'b');

update p set v = 'c', id = id + 10;

delete from p where id = 11;
