create or replace function londiste._partition_format(
    in i_partition_period text,
    out suffix_format text,
    out suffix_regex text)
language plpgsql
immutable
as $$
/*
 * londiste._partition_format(1) - return the form of the time at the end of partition names.
 *
 * Parameters:
 *   i_partition_period   year, month, day, hour; or yearly, ...
 * Returns:
 *   suffix_format   for to_char
 *   suffix_regex    matches the same
 * Errors:
 *   not supported i_partition_period
 */
begin
    suffix_format := case
        when i_partition_period in ('year', 'yearly') then '_YYYY'
        when i_partition_period in ('month', 'monthly') then '_YYYY_MM'
        when i_partition_period in ('day', 'daily') then '_YYYY_MM_DD'
        when i_partition_period in ('hour', 'hourly') then '_YYYY_MM_DD_HH24' end;
    if suffix_format is null then
        raise exception 'not supported i_partition_period: %', i_partition_period
            using errcode = 'invalid_parameter_value',
                  hint = 'Supported are year, month, day and hour.';
    end if;
    suffix_regex := pg_catalog.replace(
        pg_catalog.replace(
            pg_catalog.regexp_replace(suffix_format, 'MM|DD|HH24', '[0-9]{2}', 'g'),
            'YYYY', '[0-9]{4}'),
        ' ', '') || '$';
end;
$$;
