-- Hazard: merge
-- Since: 15
-- Level: statement

create table t (id int primary key, v text, n numeric);

-- Statements

insert into t select g, 'v', g from generate_series(1, 8) g;

merge into t using (values (1, 1), (2, 2), (20, 3), (21, 3)) s (id, op) on t.id = s.id when
    matched and op = 1 then delete when matched then update set id = 30 when not matched then
    insert values (s.id, 'm', s.op);

merge into t using (values (3, 0, 3), (4, 4, 3)) s (id, k, to_id) on t.id = s.id when matched
    and s.k = 0 then delete when matched then update set id = s.to_id;

merge into t using (values (5, 5), (6, 5)) s (id, k) on t.id = s.id and s.id = s.k when matched
    then delete when not matched then insert values (s.k + 100, 'm', 1);
