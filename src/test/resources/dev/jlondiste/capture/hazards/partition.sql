-- Hazard: partition
-- Since: 11
-- Level: row (inherits from public.p)

create table p (id int primary key, v text) partition by range (id);
create table t partition of p for values from (0) to (100);
create table t2 partition of p for values from (100) to (200);

-- Statements

insert into p values (1, 'a'), (2, 'b'), (150, 'c');

update p set id = id + 110 where id < 100;

update p set id = id - 50 where id > 120;

update p set id = id - 100 where id = 100;

update t set v = 'direct';
