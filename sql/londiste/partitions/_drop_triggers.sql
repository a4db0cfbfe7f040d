create or replace function londiste._drop_triggers(i_queue_name text, i_table oid)
returns void
language plpgsql
as $$
/*
 * londiste._drop_triggers(2) - drop the triggers between a table that stores rows and a queue, by
 * any name.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table        a local table; null: does nothing
 * Calls:   londiste._drop_capture_triggers
 * Writes:  triggers of the table
 */
declare
    v_table     text;
    v_trigger   text;
begin
    perform londiste._drop_capture_triggers(i_queue_name, i_table);
    select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
      into v_table
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.oid = i_table;
    for v_trigger in
        select tg.tgname
          from pg_catalog.pg_trigger tg
         where tg.tgrelid = i_table
           and not tg.tgisinternal
           and londiste.is_replica_func(tg.tgfoid)
           and londiste._feeds_queue(tg.tgargs, i_queue_name)
         order by tg.tgname
    loop
        execute 'drop trigger ' || pg_catalog.quote_ident(v_trigger) || ' on ' || v_table;
    end loop;
end;
$$;
