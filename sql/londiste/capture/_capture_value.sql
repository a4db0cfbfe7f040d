create or replace function londiste._capture_value(i_column text, i_type oid)
returns text
language sql
stable
as $$
/*
 * londiste._capture_value(2) - SQL expression for a value of a column, as pgq.jsontriga writes it.
 *
 * Internal; has no search_path of its own, so that the server can inline it in _capture_row.
 * Integers and booleans are bare, dates and timestamps ISO 8601, all other values a string of what
 * the type's output function gives. A cast to text is the same only for built-in types without a
 * cast function. format() always calls the output function: no cast that the owner of a type has
 * created runs, which matters because the expression is evaluated with the rights of the queue's
 * owner. All names in it are qualified for the same reason.
 *
 * Parameters:
 *   i_column   the column, quoted
 *   i_type     its type
 * Returns:
 *   an expression of type text, never null
 */
    select 'coalesce(' || case
        -- boolean, int8, int2, int4
        when i_type in (16, 20, 21, 23) then i_column || '::pg_catalog.text'
        -- date, timestamp, timestamptz, text, varchar, char(n): what to_json() writes is right
        when i_type in (1082, 1114, 1184, 25, 1042, 1043) then
            'pg_catalog.to_json(' || i_column || ')::pg_catalog.text'
        -- bytea, oid, json, float4, float8, time, interval, timetz, numeric, uuid, jsonb
        when i_type in (17, 26, 114, 700, 701, 1083, 1186, 1266, 1700, 2950, 3802) then
            'pg_catalog.to_json(' || i_column || '::pg_catalog.text)::pg_catalog.text'
        else 'case when pg_catalog.num_nulls(' || i_column || ') operator(pg_catalog.=) 0 then'
             || ' pg_catalog.to_json(pg_catalog.format(''%s'', ' || i_column
             || '))::pg_catalog.text end'
        end || ', ''null'')';
$$;
