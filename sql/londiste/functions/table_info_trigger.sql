create or replace function londiste.table_info_trigger()
returns trigger
language plpgsql
as $$
/*
 * londiste.table_info_trigger(0) - before delete on table_info: drop the triggers of the table.
 *
 * Without their queue, these triggers would make every change of the table fail. If a copy in
 * several streams was not complete, the table is truncated and its structure restored.
 *
 * Returns:
 *   the old row
 * Calls:   londiste.drop_table_triggers, londiste.find_table_oid, londiste.quote_fqname
 */
declare
    v_dest      constant text := coalesce(old.dest_table, old.table_name);
begin
    perform londiste.drop_table_triggers(old.queue_name, old.table_name);
    -- The copy is not complete, and its rows may violate the constraints.
    if old.local
        and old.dropped_ddl like '/* split copy */%'
        and londiste.find_table_oid(v_dest) is not null
    then
        execute 'truncate only ' || londiste.quote_fqname(v_dest);
        execute old.dropped_ddl;
    end if;
    return old;
end;
$$;
