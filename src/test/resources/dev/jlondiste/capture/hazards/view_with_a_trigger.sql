-- Hazard: view with a trigger
-- Since: 9
-- Level: statement

create table t (id int primary key, v text, n numeric);
create view v as select * from t;
create function on_view() returns trigger language plpgsql as $$
begin
    delete from t where id = new.id;
    insert into t values (new.id, new.v, new.n);
    return new;
end $$;
create trigger on_view instead of insert on v for each row execute procedure on_view();

-- Statements

insert into v values (1, 'a', 1), (1, 'b', 2), (2, 'c', 3);
