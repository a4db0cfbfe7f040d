create or replace function pgq._trigger_pair(
    i_format text, i_op text, i_name text, i_type oid, i_value text, i_text text, i_changed text)
returns text
language sql
stable
as $$
/*
 * pgq._trigger_pair(7) - the SQL expression that gives a column's part of ev_data.
 *
 * One expression, which the server inlines in pgq._trigger_plan: that runs for each row.
 *
 * Parameters:
 *   i_format    'url', 'json' or 'sql'
 *   i_op        INSERT, UPDATE or DELETE
 *   i_name      name of the column
 *   i_type      its type
 *   i_value     SQL expression of its value
 *   i_text      the same as text
 *   i_changed   condition that an update changes it
 * Returns:
 *   expression of type text; null: it has no part, in format sql for DELETE
 * Calls:   pgq._urlencode
 */
select case
    when i_format = 'url' then
        pg_catalog.format(
            -- nothing to encode: boolean, int8, int2, int4, oid, numeric, uuid
            case when i_type in (16, 20, 21, 23, 26, 1700, 2950)
                 then '%L || coalesce(''='' || %s, '''')'
                 else '%L || coalesce(''='' || pgq._urlencode(%s), '''')' end,
            pgq._urlencode(i_name), i_text)
    -- boolean, integers: as they are
    when i_format = 'json' and i_type in (16, 20, 21, 23) then
        pg_catalog.format('%L || coalesce(%s::pg_catalog.text, ''null'')',
            pg_catalog.to_json(i_name)::text || ':', i_value)
    when i_format = 'json' then
        pg_catalog.format('%L || coalesce(pg_catalog.to_json(%s)::pg_catalog.text, ''null'')',
            pg_catalog.to_json(i_name)::text || ':',
            -- date, timestamps: ISO 8601
            case when i_type in (1082, 1114, 1184) then i_value else i_text end)
    when i_op = 'INSERT' then
        pg_catalog.format('coalesce(pg_catalog.quote_literal(%s), ''null'')', i_text)
    when i_op = 'UPDATE' then
        pg_catalog.format(
            'case when %s then %L || coalesce(pg_catalog.quote_literal(%s), ''NULL'') end',
            i_changed, pg_catalog.quote_ident(i_name) || '=', i_text)
    end;
$$;
