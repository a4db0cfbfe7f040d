create or replace function londiste._partition_changes(i_queue_name text)
returns table (
    table_name text, change text, part oid, part_name text, part_bound text,
    part_condition text)
language sql
stable
as $$
/*
 * londiste._partition_changes(1) - the partitions of replicated tables that are not followed yet.
 *
 * Internal. Locks nothing. A partition is the same as before if it has the same name and bounds,
 * and its triggers: otherwise it may be another one in its place.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns: a row for each change
 *   table_name       global name of the table
 *   change           gone or new
 *   part             the partition; of one that is gone, its former oid
 *   part_name        its full name
 *   part_bound       for which values it is, see londiste._partitions
 *   part_condition   of one that is gone: which rows it had
 * Calls:   londiste._partitioned_tables, _partitions, _has_triggers
 */
    select f.table_name, 'gone'::text, k.part_oid, k.part_name, k.part_bound, k.part_condition
      from londiste._partitioned_tables(i_queue_name) f
      join londiste.partition_info k
        on k.queue_name = i_queue_name and k.table_name = f.table_name
     where not exists (
               select 1 from londiste._partitions(f.relation) p
                where p.part_name = k.part_name and p.part_bound = k.part_bound
                  and (londiste._has_triggers(i_queue_name, p.part) or not k.has_triggers))
     union all
    select f.table_name, 'new', p.part, p.part_name, p.part_bound, null
      from londiste._partitioned_tables(i_queue_name) f
      cross join lateral londiste._partitions(f.relation) p
     where not exists (
               select 1 from londiste.partition_info k
                where k.queue_name = i_queue_name and k.table_name = f.table_name
                  and k.part_name = p.part_name and k.part_bound = p.part_bound
                  and (londiste._has_triggers(i_queue_name, p.part) or not k.has_triggers));
$$;
