create or replace function londiste._is_partition_of(
    i_queue_name text, i_table_name text, i_table oid)
returns boolean
language sql
stable
as $$
/*
 * londiste._is_partition_of(3) - is this a partition of a replicated table, not the table itself?
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full global name of the table
 *   i_table        a local table
 */
    select exists (
        select 1
          from londiste.table_info t
         where t.queue_name = i_queue_name
           and t.table_name = i_table_name
           and londiste.find_rel_oid(coalesce(t.dest_table, t.table_name), 'p') <> i_table);
$$;
