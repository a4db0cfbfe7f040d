create or replace function londiste.is_obsolete_partition(
    i_partition_table text,
    i_retention_period interval,
    i_partition_period text)
returns boolean
language plpgsql
as $$
/*
 * londiste.is_obsolete_partition(3) - check whether a partition is past the retention period.
 *
 * The end of its name decides.
 *
 * Parameters:
 *   i_partition_table    name that ends in _YYYY, _YYYY_MM, _YYYY_MM_DD or _YYYY_MM_DD_HH24
 *   i_retention_period   how long rows are kept
 *   i_partition_period   year, month, day or hour
 * Returns:
 *   true   the partition is past the retention period
 *   false  it is not, or i_retention_period is null
 *   null   the name does not end in the form of the period
 * Errors:
 *   as londiste._partition_format
 * Calls:   londiste._partition_format
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

    return coalesce(
        v_suffix < pg_catalog.to_char(pg_catalog.now() - i_retention_period, v_format.suffix_format)
                   collate "C",
        false);
end;
$$;
