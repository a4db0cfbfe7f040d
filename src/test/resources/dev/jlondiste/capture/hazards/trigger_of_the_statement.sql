-- Hazard: trigger of the statement
-- Since: 9
-- Level: row (trigger A first)

create table t (id int primary key, v text, n numeric);
create function again() returns trigger language plpgsql as $$
begin
    update t set v = v || '!' where v not like '%!';
    return null;
end $$;
create trigger "A first" after insert on t for each statement execute procedure again();

-- Statements

insert into t values (1, 'a', 1), (2, 'b', 2);

insert into t values (3, 'a', 1);
