-- Hazard: names that need quotes, more than eight columns
-- Since: 9
-- Level: statement

create table t ("i d" int primary key, "v_type" text, "new" text, "a,b" text, "%s" text,
    "é" text, "x" text, "data" text, "_row" text, "q'""" text, "@is@" text,
    newrows int, tg_op text, found bool);

-- Statements

insert into t values (1, 't', 'n', 'c', 's', 'e', 'x', 'd', 'r', 'q', 'i', 7, 'op', true);
insert into t values (2);

update t set "v_type" = 'z', "i d" = "i d" + 10 where "i d" = 1;

delete from t where "i d" = 2;
