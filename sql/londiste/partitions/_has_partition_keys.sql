create or replace function londiste._has_partition_keys(i_table oid)
returns boolean
language sql
stable
as $$
/*
 * londiste._has_partition_keys(1) - do the partitions of a table have the same primary key?
 *
 * Internal. Such a key identifies a row of the table if it includes the columns by which the table
 * is partitioned.
 *
 * Parameters:
 *   i_table   a table
 * Returns:
 *   false if a partition has no primary key or another one, and if there are no partitions
 * Calls:   londiste._row_tables, _capture_key
 */
    select count(*) > 0 and count(k.columns) = count(*) and count(distinct k.columns) = 1
      from londiste._row_tables(i_table) r (oid)
      cross join lateral (select londiste._capture_key(r.oid, null) as columns) k
     where r.oid <> i_table;
$$;
