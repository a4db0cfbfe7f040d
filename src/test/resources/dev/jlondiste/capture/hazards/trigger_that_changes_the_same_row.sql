-- Hazard: trigger that changes the same row
-- Since: 9
-- Level: row (trigger zz_again)

create table t (id int primary key, v text, n numeric);
create function again() returns trigger language plpgsql as $$
begin
    update t set v = v || '!' where id = new.id and v not like '%!';
    return null;
end $$;
create trigger zz_again after insert or update on t for each row execute procedure again();

-- Statements

insert into t values (1, 'a', 1), (2, 'b', 2);

update t set v = 'c';
