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
 *   change           gone, new, or known: followed, but a column was renamed, the database was
 *                    restored from a dump, or others have changed what a default partition is for
 *   part             the partition; of one that is gone, its former oid
 *   part_name        its full name
 *   part_bound       for which values it is, see londiste._partitions
 *   part_condition   of one that is gone: which rows it had
 * Calls:   londiste._partitioned_tables, _partitions, _partition_condition, _has_triggers
 */
    with present as (
            select f.table_name, p.part, p.part_name, p.part_bound,
                   londiste._has_triggers(i_queue_name, p.part) as has_triggers
              from londiste._partitioned_tables(i_queue_name) f
              cross join lateral londiste._partitions(f.relation) p),
        followed as (
            select k.*
              from londiste._partitioned_tables(i_queue_name) f
              join londiste.partition_info k
                on k.queue_name = i_queue_name and k.table_name = f.table_name)
    select k.table_name, 'gone'::text, k.part_oid, k.part_name, k.part_bound, k.part_condition
      from followed k
      left join present p
        on p.table_name = k.table_name and p.part_name = k.part_name
           and p.part_bound = k.part_bound and (p.has_triggers or not k.has_triggers)
     where p.part is null
     union all
    select p.table_name, case when k.part_oid is null then 'new' else 'known' end, p.part,
           p.part_name, p.part_bound, k.part_condition
      from present p
      left join followed k
        on k.table_name = p.table_name and k.part_name = p.part_name
           and k.part_bound = p.part_bound and (p.has_triggers or not k.has_triggers)
     where k.part_oid is distinct from p.part
        or k.part_condition is distinct from londiste._partition_condition(p.part);
$$;
