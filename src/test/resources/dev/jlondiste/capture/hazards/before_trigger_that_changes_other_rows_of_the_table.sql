-- Hazard: before trigger that changes other rows of the table
-- Since: 9
-- Level: statement

create table t (id int primary key, v text, n numeric);
create function other() returns trigger language plpgsql as $$
begin
    update t set n = n + 1 where id = 1 and new.id <> 1;
    return new;
end $$;
create trigger other before insert on t for each row execute procedure other();

-- Statements

insert into t values (1, 'a', 1);

insert into t values (2, 'b', 2), (3, 'c', 3);
