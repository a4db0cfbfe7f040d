create or replace function londiste._lock_partitioned_tables(i_queue_name text)
returns void
language plpgsql
as $$
/*
 * londiste._lock_partitioned_tables(1) - no partition comes or goes until the transaction ends.
 *
 * Internal. Does not block writers.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Calls:   londiste._partitioned_tables
 */
declare
    v_table     text;
begin
    for v_table in
        with recursive tree (oid) as (
            select f.relation from londiste._partitioned_tables(i_queue_name) f
            union
            select c.oid
              from tree t
              join pg_catalog.pg_inherits i on i.inhparent = t.oid
              join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relkind = 'p')
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
          from tree t
          join pg_catalog.pg_class c on c.oid = t.oid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         order by t.oid
    loop
        execute 'lock table only ' || v_table || ' in share update exclusive mode';
    end loop;
end;
$$;
