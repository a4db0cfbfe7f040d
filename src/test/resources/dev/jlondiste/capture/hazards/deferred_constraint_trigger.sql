-- Hazard: deferred constraint trigger
-- Since: 9
-- Level: row (trigger zz_late)

create table t (id int primary key, v text, n numeric);
create function late() returns trigger language plpgsql as $$
begin
    delete from t where id = new.id and v = 'no';
    return null;
end $$;
create constraint trigger zz_late after insert on t deferrable initially deferred for each row
    execute procedure late();

-- Statements

insert into t values (1, 'no', 1), (2, 'b', 2);
update t set n = 3;
