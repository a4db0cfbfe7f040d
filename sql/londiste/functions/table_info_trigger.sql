create or replace function londiste.table_info_trigger()
returns trigger
language plpgsql
as $$
/*
 * londiste.table_info_trigger(0) - before delete on table_info: a forgotten table keeps no triggers.
 *
 * Otherwise they would stop the application, as soon as the queue is gone. Structure that a copy by
 * several streams had taken away is restored.
 *
 * Calls:   londiste.drop_table_triggers
 */
declare
    v_dest      constant text := coalesce(old.dest_table, old.table_name);
begin
    perform londiste.drop_table_triggers(old.queue_name, old.table_name);
    -- The copy is not complete, and its rows may not satisfy the constraints.
    if old.local and old.dropped_ddl like '/* split copy */%' and londiste.find_table_oid(v_dest) is not null then
        execute 'truncate only ' || londiste.quote_fqname(v_dest);
        execute old.dropped_ddl;
    end if;
    return old;
end;
$$;
