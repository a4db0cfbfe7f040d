create or replace function londiste.list_obsolete_partitions(
    i_parent_table text,
    i_retention_period interval,
    i_partition_period text)
returns setof text
language plpgsql
as $$
/*
 * londiste.list_obsolete_partitions(3) - partitions of a table that are older than they need to be.
 *
 * The name alone makes a partition: that of the parent, then the time, in the same schema. Handlers may
 * have made it without inheritance, and the parent need not exist.
 *
 * Parameters:
 *   i_parent_table       the parent
 *   i_retention_period   how long rows are kept
 *   i_partition_period   year, month, day or hour
 * Returns:
 *   quoted full names, the oldest first
 * Calls:   londiste.is_obsolete_partition
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
       and pg_catalog.substr(c.relname::text, pg_catalog.length(p.name_part) + 1) ~ ('^' || v_suffix)
       and londiste.is_obsolete_partition(c.relname::text, i_retention_period, i_partition_period)
     order by 1;
end;
$$;
