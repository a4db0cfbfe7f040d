create or replace function londiste.table_info_trigger()
returns trigger
language plpgsql
as $$
/*
 * londiste.table_info_trigger(0) - before delete on table_info: a forgotten table keeps no triggers.
 *
 * Otherwise they would stop the application, as soon as the queue is gone.
 *
 * Calls:   londiste.drop_table_triggers
 */
begin
    perform londiste.drop_table_triggers(old.queue_name, old.table_name);
    return old;
end;
$$;
