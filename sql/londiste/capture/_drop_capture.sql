create or replace function londiste._drop_capture(i_queue_name text, i_table oid)
returns void
language plpgsql
as $$
/*
 * londiste._drop_capture(2) - drop the triggers of native capture between a table and a queue, and their functions.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table        the local table
 * Writes:  triggers of the table, functions of schema londiste
 */
declare
    v_first_arg constant bytea := pg_catalog.convert_to(i_queue_name, pg_catalog.getdatabaseencoding())
                                  || pg_catalog.decode('00', 'hex');
    r           record;
begin
    for r in
        select pg_catalog.array_agg(t.tgname order by t.tgname) as triggers, t.tgfoid::pg_catalog.regprocedure::text as function
          from pg_catalog.pg_trigger t
         where t.tgrelid = i_table
           and not t.tgisinternal
           and londiste._is_capture(t.tgfoid)
           and pg_catalog.substr(t.tgargs, 1, pg_catalog.octet_length(v_first_arg)) = v_first_arg
         group by t.tgfoid
    loop
        for i in 1 .. pg_catalog.cardinality(r.triggers) loop
            execute 'drop trigger ' || pg_catalog.quote_ident(r.triggers[i]) || ' on ' || i_table::pg_catalog.regclass::text;
        end loop;
        execute 'drop function ' || r.function;
    end loop;
end;
$$;
