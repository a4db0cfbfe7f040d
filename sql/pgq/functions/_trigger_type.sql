create or replace function pgq._trigger_type(
    i_format text, i_op text, i_schema text, i_name text, i_pkey text, i_keys text[])
returns text
language sql
stable
as $$
/*
 * pgq._trigger_type(6) - ev_type of a capture trigger's event.
 *
 * One expression, which the server inlines in pgq._trigger_plan: that runs for each row.
 *
 * Parameters:
 *   i_format           'url', 'json' or 'sql'
 *   i_op               INSERT, UPDATE, DELETE or TRUNCATE
 *   i_schema, i_name   the table
 *   i_pkey             its key columns, joined by comma
 *   i_keys             the same as a list
 */
select case
    when i_format = 'json' then
        '{"op":"' || i_op || '","table":[' || pg_catalog.to_json(i_schema)::text || ','
        || pg_catalog.to_json(i_name)::text || '],"pkey":' || pg_catalog.to_json(i_keys)::text
        || '}'
    when i_op = 'TRUNCATE' then 'R'
    when i_format = 'url' then pg_catalog.left(i_op, 1) || ':' || i_pkey
    else pg_catalog.left(i_op, 1)
    end;
$$;
