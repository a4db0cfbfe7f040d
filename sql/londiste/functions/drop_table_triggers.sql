create or replace function londiste.drop_table_triggers(i_queue_name text, i_table_name text)
returns void
language plpgsql
strict
as $$
/*
 * londiste.drop_table_triggers(2) - drop the triggers between a table and a queue, by any name.
 *
 * Also runs when rows of table_info are deleted by cascade, so table, queue or schema pgq may be
 * missing.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table, in schema public if it has none
 * Calls:   londiste._drop_capture_triggers
 * Writes:  triggers of the local table
 */
declare
    v_dest      text := londiste.make_fqname(i_table_name);
    v_trigger   text;
begin
    select coalesce(t.dest_table, t.table_name)
      into v_dest
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_dest;
    if not found then
        return;
    end if;

    perform londiste._drop_capture_triggers(i_queue_name, londiste.find_table_oid(v_dest));
    for v_trigger in
        select tg.tgname
          from pg_catalog.pg_trigger tg
         where tg.tgrelid = londiste.find_table_oid(v_dest)
           and not tg.tgisinternal
           and londiste.is_replica_func(tg.tgfoid)
           and londiste._feeds_queue(tg.tgargs, i_queue_name)
         order by tg.tgname
    loop
        execute 'drop trigger ' || pg_catalog.quote_ident(v_trigger)
                || ' on ' || londiste.quote_fqname(v_dest);
    end loop;
end;
$$;
