create or replace function londiste.list_obsolete_partitions(
    i_parent_table text,
    i_retention_period interval,
    i_partition_period text)
returns setof text
language plpgsql
as $$
/*
 * londiste.list_obsolete_partitions(3) - list partitions that are past the retention period.
 *
 * A table is a partition if it is in the parent's schema and its name is the parent's name, then
 * the time. Handlers may have created it without inheritance, and the parent need not exist.
 *
 * Parameters:
 *   i_parent_table       the parent
 *   i_retention_period   how long rows are kept
 *   i_partition_period   year, month, day or hour
 * Returns:
 *   quoted full names, the oldest first
 * Errors:
 *   as londiste._partition_format
 * Calls:   londiste._partition_format, londiste.split_fqname, londiste.make_fqname,
 *          londiste.is_obsolete_partition
 */
declare
    v_suffix    text;
begin
    select f.suffix_regex into v_suffix from londiste._partition_format(i_partition_period) f;

    return query
    select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
      from londiste.split_fqname(londiste.make_fqname(i_parent_table)) p
      join pg_catalog.pg_namespace n on n.nspname = p.schema_part
      join pg_catalog.pg_class c on c.relnamespace = n.oid
     where c.relkind in ('r', 'p')
       and pg_catalog.left(c.relname::text, pg_catalog.length(p.name_part)) = p.name_part
       and pg_catalog.substr(c.relname::text, pg_catalog.length(p.name_part) + 1)
           ~ ('^' || v_suffix)
       and londiste.is_obsolete_partition(c.relname::text, i_retention_period, i_partition_period)
     order by 1;
end;
$$;
