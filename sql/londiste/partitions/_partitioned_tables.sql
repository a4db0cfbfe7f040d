create or replace function londiste._partitioned_tables(i_queue_name text)
returns table (relation oid, table_name text, trigger_args text[])
language sql
stable
as $$
/*
 * londiste._partitioned_tables(1) - the partitioned tables that are replicated here.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns: a row for each that exists, in the order of registration
 *   relation       the local table
 *   table_name     its global name
 *   trigger_args   options of its triggers
 */
    select londiste.find_rel_oid(coalesce(t.dest_table, t.table_name), 'p'), t.table_name,
           p.trigger_args
      from londiste.partitioned_table p
      join londiste.table_info t
        on t.queue_name = p.queue_name and t.table_name = p.table_name
     where p.queue_name = i_queue_name
       and t.local
       and londiste.find_rel_oid(coalesce(t.dest_table, t.table_name), 'p') is not null
     order by t.nr, t.table_name;
$$;
