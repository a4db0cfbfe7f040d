create or replace function pgq._trigger_changed(
    i_type oid, i_new text, i_old text, i_new_text text, i_old_text text)
returns text
language sql
stable
as $$
/*
 * pgq._trigger_changed(5) - the SQL condition that an update changes a column.
 *
 * One expression, which the server inlines in pgq._trigger_plan: that runs for each row.
 *
 * Parameters:
 *   i_type                   type of the column
 *   i_new, i_old             SQL expressions of its values
 *   i_new_text, i_old_text   the same as text
 * Returns:
 *   condition; two nulls are equal, null and a value are not
 * Calls:   pgq._equality_operator
 */
select case
    -- = means the same as equal for boolean, bytea, int8, int2, int4, text, oid, float4, float8,
    -- varchar, char(n), date, time, timestamp, timestamptz, interval, timetz, numeric, uuid, jsonb
    when i_type in (16, 17, 20, 21, 23, 25, 26, 700, 701, 1043, 1042, 1082, 1083, 1114, 1184, 1186,
                    1266, 1700, 2950, 3802) then
        pg_catalog.format('not coalesce(%1$s operator(pg_catalog.=) %2$s,'
                          ' pg_catalog.num_nulls(%1$s, %2$s) = 2)', i_new, i_old)
    else
        pg_catalog.format('not coalesce(%s, pg_catalog.num_nulls(%s, %s) = 2)',
            coalesce(
                pg_catalog.format(pgq._equality_operator(i_type), i_new, i_old),
                pg_catalog.format('(%s) collate pg_catalog."C" operator(pg_catalog.=) (%s)',
                                  i_new_text, i_old_text)),
            i_new, i_old)
    end;
$$;
