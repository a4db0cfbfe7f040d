create or replace function londiste.drop_table_triggers(i_queue_name text, i_table_name text)
returns void
language plpgsql
strict
as $$
/*
 * londiste.drop_table_triggers(2) - drop the triggers that connect a table to a queue, whatever their names.
 *
 * Also runs when rows of table_info are deleted by cascade, so it must do with what is still there:
 * table, queue or schema pgq may be gone.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   table, public when it has no schema
 * Writes:  triggers of the local table
 */
declare
    v_dest      text := londiste.make_fqname(i_table_name);
    -- arguments are stored one after the other, each followed by a zero byte
    v_first_arg bytea := pg_catalog.convert_to(i_queue_name, pg_catalog.getdatabaseencoding())
                         || pg_catalog.decode('00', 'hex');
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

    perform londiste._drop_capture(i_queue_name, londiste.find_table_oid(v_dest));
    for v_trigger in
        select tg.tgname
          from pg_catalog.pg_trigger tg
         where tg.tgrelid = londiste.find_table_oid(v_dest)
           and not tg.tgisinternal
           and londiste.is_replica_func(tg.tgfoid)
           and pg_catalog.substr(tg.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg
         order by tg.tgname
    loop
        execute 'drop trigger ' || pg_catalog.quote_ident(v_trigger) || ' on ' || londiste.quote_fqname(v_dest);
    end loop;
end;
$$;
