create or replace function londiste._drop_capture_triggers(i_queue_name text, i_table oid)
returns void
language plpgsql
as $$
/*
 * londiste._drop_capture_triggers(2) - drop the triggers of native capture between a table and a
 * queue, and their functions.
 *
 * Internal. If the queue is gone, and these were the last functions that ask for its current event
 * table, drops londiste._current_table_ID() as well.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table        the local table
 * Writes:  triggers of the table, functions of schema londiste
 */
declare
    v_table     constant text := i_table::pg_catalog.regclass::text;
    v_trigger   text;
    v_hash      text;
    r           record;
begin
    for r in
        select pg_catalog.array_agg(t.tgname::text order by t.tgname) as triggers,
               t.tgfoid::pg_catalog.regprocedure::text as function,
               (select p.proname::text from pg_catalog.pg_proc p where p.oid = t.tgfoid) as name
          from pg_catalog.pg_trigger t
         where t.tgrelid = i_table
           and not t.tgisinternal
           and londiste._is_capture_function(t.tgfoid)
           and londiste._feeds_queue(t.tgargs, i_queue_name)
         group by t.tgfoid
    loop
        foreach v_trigger in array r.triggers loop
            execute 'drop trigger ' || pg_catalog.quote_ident(v_trigger) || ' on ' || v_table;
        end loop;
        execute 'drop function ' || r.function;
        for v_hash in
            select p.oid::pg_catalog.regprocedure::text
              from pg_catalog.pg_proc p
             where p.pronamespace = 'londiste'::pg_catalog.regnamespace
               and p.proname::text = r.name || '__hash'
        loop
            execute 'drop function ' || v_hash;
        end loop;
    end loop;

    if to_regclass('pgq.queue') is null then
        return;
    end if;
    for r in
        select p.oid::pg_catalog.regprocedure::text as function
          from pg_catalog.pg_proc p
         where p.pronamespace = 'londiste'::pg_catalog.regnamespace
           and p.proname ~ '^_current_table_[0-9]+$'
           and not exists (
                   select 1 from pgq.queue q
                    where '_current_table_' || q.queue_id::text = p.proname::text)
           and not exists (
                   select 1 from pg_catalog.pg_proc f
                    where f.pronamespace = 'londiste'::pg_catalog.regnamespace
                      and f.proname like E'\\_native\\_%'
                      and strpos(f.prosrc, p.proname::text || '()') > 0)
    loop
        execute 'drop function ' || r.function;
    end loop;
end;
$$;
