create or replace function londiste._is_partition_of(
    i_queue_name text, i_table_name text, i_table oid)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._is_partition_of(3) - is this a partition of a replicated table, at any level, now?
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full global name of the table
 *   i_table        a local table
 */
    with recursive above (oid) as (
        select p.oid
          from pg_inherits i
          join pg_class p on p.oid = i.inhparent and p.relkind = 'p'
         where i.inhrelid = i_table
         union
        select p.oid
          from above a
          join pg_inherits i on i.inhrelid = a.oid
          join pg_class p on p.oid = i.inhparent and p.relkind = 'p')
    select exists (
        select 1
          from londiste.table_info t
          join above a
            on a.oid = londiste.find_rel_oid(coalesce(t.dest_table, t.table_name), 'p')
         where t.queue_name = i_queue_name
           and t.table_name = i_table_name);
$$;
