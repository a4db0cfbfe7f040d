create or replace function londiste.is_obsolete_partition(
    i_partition_table text,
    i_retention_period interval,
    i_partition_period text)
returns boolean
language plpgsql
as $$
/*
 * londiste.is_obsolete_partition(3) - is a partition, by its name, older than it needs to be?
 *
 * Parameters:
 *   i_partition_table    name that ends in _YYYY, _YYYY_MM, _YYYY_MM_DD or _YYYY_MM_DD_HH24
 *   i_retention_period   how long rows are kept
 *   i_partition_period   year, month, day or hour
 * Returns:
 *   null when the name does not end in the form of the period; never true without a retention period
 */
declare
    -- the name may be quoted
    v_name      constant text := pg_catalog.rtrim(i_partition_table, '"');
    v_format    record;
    v_suffix    text;
begin
    select f.* into v_format from londiste._partition_format(i_partition_period) f;

    v_suffix := substring(v_name from v_format.suffix_regex);
    if v_suffix is null then
        return null;
    end if;

    return coalesce(v_suffix < pg_catalog.to_char(pg_catalog.now() - i_retention_period, v_format.suffix_format)
                               collate "C", false);
end;
$$;
