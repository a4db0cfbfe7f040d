create or replace function londiste._lock_partitioned_tables(i_queue_name text)
returns void
language plpgsql
as $$
/*
 * londiste._lock_partitioned_tables(1) - no further partition of the tables that have changed comes
 * or goes until the transaction ends.
 *
 * Internal. Does not block writers.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Calls:   londiste._partitioned_tables, _partition_changes
 */
declare
    v_table     text;
begin
    for v_table in
        with recursive tree (oid) as (
            select f.relation
              from londiste._partitioned_tables(i_queue_name) f
             where f.table_name in (select h.table_name
                                      from londiste._partition_changes(i_queue_name) h
                                     where h.change in ('gone', 'new'))
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
