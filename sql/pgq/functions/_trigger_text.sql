create or replace function pgq._trigger_text(i_value text, i_type oid)
returns text
language sql
stable
as $$
/*
 * pgq._trigger_text(2) - the SQL expression that gives a value as its type's output function does.
 *
 * One expression, which the server inlines in pgq._trigger_plan: that runs for each row.
 *
 * Parameters:
 *   i_value   SQL expression of a column's value
 *   i_type    its type
 * Returns:
 *   expression of type text, null for null
 */
select case
    -- A cast to text is the output function for bytea, int8, int2, int4, text, oid, json, float4,
    -- float8, varchar, date, time, timestamp, timestamptz, interval, timetz, numeric, uuid, jsonb;
    -- not where there is a cast function: boolean, char(n), inet, domains over them.
    when i_type in (17, 20, 21, 23, 25, 26, 114, 700, 701, 1043, 1082, 1083, 1114, 1184, 1186, 1266,
                    1700, 2950, 3802) then
        i_value || '::pg_catalog.text'
    else
        'case when pg_catalog.num_nulls(' || i_value || ') = 0'
        || ' then pg_catalog.format(''%s'', ' || i_value || ') end'
    end;
$$;
