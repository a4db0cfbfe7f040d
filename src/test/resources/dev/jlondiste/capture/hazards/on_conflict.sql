-- Hazard: on conflict
-- Since: 9
-- Level: statement

create table t (id int primary key, v text, n numeric);

-- Statements

insert into t values (1, 'a', 1), (2, 'b', 2);

insert into t values (2, 'x', 3), (3, 'y', 4) on conflict (id) do update set v = excluded.v;

insert into t values (2, 'x', 3), (4, 'y', 4) on conflict do nothing;

insert into t values (4, 'x', 3), (14, 'y', 4) on conflict (id) do update set id = t.id + 20;

insert into t values (3, 'x', 3) on conflict (id) do update set id = t.id + 20;
