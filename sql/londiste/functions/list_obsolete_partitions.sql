create or replace function londiste.list_obsolete_partitions(
    i_parent_table text,
    i_retention_period interval,
    i_partition_period text)
returns setof text
language plpgsql
as $$
/*
 * londiste.list_obsolete_partitions(3) - children of a table that are older than they need to be.
 *
 * Parameters:
 *   i_parent_table       the parent
 *   i_retention_period   how long rows are kept
 *   i_partition_period   year, month, day or hour
 * Returns:
 *   quoted full names, the oldest first
 * Calls:   londiste.is_obsolete_partition
 */
begin
    perform londiste._partition_format(i_partition_period);

    return query
    select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
      from pg_catalog.pg_inherits i
      join pg_catalog.pg_class c on c.oid = i.inhrelid
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where i.inhparent = coalesce(londiste.find_rel_oid(londiste.make_fqname(i_parent_table), 'r'),
                                  londiste.find_rel_oid(londiste.make_fqname(i_parent_table), 'p'))
       and londiste.is_obsolete_partition(c.relname::text, i_retention_period, i_partition_period)
     order by 1;
end;
$$;
