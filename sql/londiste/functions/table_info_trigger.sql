create or replace function londiste.table_info_trigger()
returns trigger
language plpgsql
as $$
/*
 * londiste.table_info_trigger(0) - before delete on table_info: drop the triggers of the table.
 *
 * Without their queue, these triggers would make every change of the table fail. If a copy in
 * several streams was not complete, the table is truncated and its structure restored. If other
 * queues are being copied to the same local table, they restore what this copy has dropped.
 *
 * Returns:
 *   the old row
 * Calls:   londiste.drop_table_triggers, londiste._release_dropped_ddl
 */
begin
    perform londiste.drop_table_triggers(old.queue_name, old.table_name);
    perform londiste._release_dropped_ddl(old.queue_name, old.table_name, false);
    return old;
end;
$$;
