create or replace function londiste._capture_row(
    in i_table oid,
    out columns_null text,
    out row_json text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_row(1) - the SQL expressions that give a row of a table as JSON.
 *
 * Internal.
 *
 * Parameters:
 *   i_table   the local table
 * Returns:
 *   columns_null   select list: all columns, null
 *   row_json       expression of type text: the row as pgq.jsontriga writes it, from columns in
 *                  scope
 * Calls:   londiste._capture_value
 */
declare
    c_join      constant text := ' operator(pg_catalog.||) ';
    v_pieces    text[];
begin
    -- || copies its left side: fine for a few columns. A function takes 100 arguments at most.
    select string_agg('null::pg_catalog.text as ' || quote_ident(c.name), ', ' order by c.nr),
           array_agg(quote_literal(case when c.nr = 1 then '{' else ',' end
                                   || to_json(c.name)::text || ':')
                     || case when c.total > 8 then ', ' else c_join end
                     || londiste._capture_value(quote_ident(c.name), c.type) order by c.nr)
      into columns_null, v_pieces
      from (select a.attname::text as name, a.atttypid as type,
                   row_number() over (order by a.attnum) as nr, count(*) over () as total
              from pg_attribute a
             where a.attrelid = i_table
               and a.attnum > 0
               and not a.attisdropped
               -- virtual ones have no value that triggers could see
               and coalesce(to_jsonb(a) ->> 'attgenerated', '') <> 'v') c;
    if v_pieces is null then
        row_json := '''{}''::pg_catalog.text';
        columns_null := '';
    elsif cardinality(v_pieces) <= 8 then
        row_json := array_to_string(v_pieces || '''}'''::text, c_join);
    else
        select string_agg('pg_catalog.concat('
                          || array_to_string(v_pieces[s.nr : s.nr + 39], ', ') || ')',
                          c_join order by s.nr)
               || c_join || '''}'''
          into row_json
          from generate_series(1, cardinality(v_pieces), 40) as s (nr);
    end if;
end;
$$;
