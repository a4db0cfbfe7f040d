create or replace function londiste._capture_insert(
    i_kind text, i_table oid, i_key text[], i_event_table text, i_sequence text, i_global_name text, i_condition text,
    i_gate text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_insert(8) - the statement by which native capture writes row changes into an event table.
 *
 * Internal. Events are those of pgq.jsontriga. Columns are spelled out, so that nothing is looked up per row. A name that
 * the table has no longer must not fail the application's statement, though: names are looked up in the row first,
 * and then in a row of nulls beside it, where all of them are. So the statement always compiles; i_condition, which
 * is asked before any value is read, keeps it from writing what is not so any more.
 *
 * Parameters:
 *   i_kind    what is written:
 *               insert, update    such an event for each row of newrows
 *               delete            DELETE of each row of oldrows
 *               row insert, row update, row delete    the same for row variables new, old of a row trigger
 *               key               DELETE of old, with "moved":true at the end of its type, INSERT of new: one row, which
 *                                 whoever has foreign keys that act on deletes should not delete
 *               safe key          as key, with a DELETE of new between
 *               safe insert       DELETE and INSERT of each row of newrows: right whether the row was there or not
 *               safe delete       DELETE of each row of oldrows whose key is not in the table again
 *   i_table         the local table
 *   i_key           its key columns; names that it has no longer are those of the primary key, when there is no condition
 *   i_event_table   where to, quoted
 *   i_sequence      that gives event ids, quoted
 *   i_global_name   ev_extra1
 *   i_condition     SQL; null: none, and the statement is for execute: new is $1, old is $2
 *   i_gate          SQL; asked before anything else, once per statement; null: none
 * Returns:
 *   an SQL statement
 */
declare
    c_join      constant text := ' operator(pg_catalog.||) ';
    v_new       text := case when i_condition is null then '(select ($1).*)' else '(select (new).*)' end;
    v_old       text := case when i_condition is null then '(select ($2).*)' else '(select (old).*)' end;
    v_key       text[] := i_key;
    v_names     text;
    v_pieces    text[];
    v_data      text;
    v_head      text;
    v_tail      text;
    v_gone      text;
    v_type      text;
    v_insert    text;
    v_delete    text;
    v_leave     text;
    v_update    text;
    v_end       text := ') as e';
begin
    -- Triggers go on when a key column gets another name, and look at the right one; the statement has to name it, too.
    if i_condition is null and londiste._capture_key(i_table, array_to_string(i_key, ',')) is null then
        v_key := coalesce(londiste._capture_key(i_table, null), i_key);
    end if;

    select to_json(n.nspname::text)::text || ',' || to_json(c.relname::text)::text || '],"pkey":['
           || coalesce((select string_agg(to_json(k.name)::text, ',' order by k.nr)
                          from unnest(v_key) with ordinality as k (name, nr)), '')
           || ']'
      into v_type
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.oid = i_table;
    v_insert := quote_literal('{"op":"INSERT","table":[' || v_type || '}') || '::pg_catalog.text as type, ';
    v_update := quote_literal('{"op":"UPDATE","table":[' || v_type || '}') || '::pg_catalog.text as type, ';
    v_leave := quote_literal('{"op":"DELETE","table":[' || v_type || ',"moved":true}') || '::pg_catalog.text as type, ';
    v_delete := quote_literal('{"op":"DELETE","table":[' || v_type || '}') || '::pg_catalog.text as type, ';

    -- Joining copies what was joined before: fine for a few columns, not for many. Functions have 100 arguments at most.
    select string_agg('null::pg_catalog.text as ' || quote_ident(c.name), ', ' order by c.nr),
           array_agg(quote_literal(case when c.nr = 1 then '{' else ',' end || to_json(c.name)::text || ':')
                     || case when c.total > 8 then ', ' else c_join end
                     || londiste._capture_value(quote_ident(c.name), c.type) order by c.nr)
      into v_names, v_pieces
      from (select a.attname::text as name, a.atttypid as type,
                   row_number() over (order by a.attnum) as nr, count(*) over () as total
              from pg_attribute a
             where a.attrelid = i_table
               and a.attnum > 0
               and not a.attisdropped
               -- virtual ones have no value that triggers could see
               and coalesce(to_jsonb(a) ->> 'attgenerated', '') <> 'v') c;
    if v_pieces is null then
        v_data := '''{}''::pg_catalog.text';
        v_names := '';
    elsif cardinality(v_pieces) <= 8 then
        v_data := array_to_string(v_pieces || '''}'''::text, c_join);
    else
        select string_agg('pg_catalog.concat(' || array_to_string(v_pieces[s.nr : s.nr + 39], ', ') || ')', c_join order by s.nr)
               || c_join || '''}'''
          into v_data
          from generate_series(1, cardinality(v_pieces), 40) as s (nr);
    end if;

    v_head := 'x.data from (select ' || v_names || ') as _absent cross join lateral (select ' || v_data || ' as data from ';
    v_tail := ' as _row) as x' || coalesce(' where ' || i_condition, '');

    -- Where row_to_json() writes all types as is wanted, rows one by one need neither names nor, therefore, the condition.
    -- But those of the key have to be there, as the event's type tells them: values have no quotes without backslash.
    -- boolean, int8, int2, int4, text, char(n), varchar, date, timestamp, timestamptz
    if i_condition is not null and (i_kind like 'row %' or i_kind = 'key') and not exists (
        select 1 from pg_attribute a
         where a.attrelid = i_table and a.attnum > 0 and not a.attisdropped
           and (a.atttypid not in (16, 20, 21, 23, 25, 1042, 1043, 1082, 1114, 1184)
                or to_jsonb(a) ->> 'attgenerated' = 'v'))
    then
        v_head := 'pg_catalog.row_to_json(';
        v_new := 'new';
        v_old := 'old';
        v_tail := ')::pg_catalog.text as data';
        select ' offset 0) as e where '
               || string_agg('pg_catalog.strpos(e.data, ' || quote_literal(to_json(k.name)::text || ':') || ') operator(pg_catalog.>) 0', ' and ')
          into v_end
          from unnest(v_key) as k (name);
    end if;

    if i_kind = 'safe delete' then
        select '(select * from oldrows as o where not exists (select 1 from only '
               || (select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
                     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = i_table)
               || ' as t where '
               || string_agg(format(pgq._equality_operator(a.atttypid), 't.' || quote_ident(a.attname), 'o.' || quote_ident(a.attname)),
                             ' and ' order by k.nr)
               || '))'
          into v_gone
          from unnest(v_key) with ordinality as k (name, nr)
          join pg_attribute a on a.attrelid = i_table and a.attname = k.name;
    end if;

    return 'insert into ' || i_event_table || ' (ev_id, ev_time, ev_txid, ev_owner, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)'
           -- all columns, with their types: saves the executor a node
           || ' select pg_catalog.nextval(' || quote_literal(i_sequence) || '::pg_catalog.regclass), pg_catalog.now(), pg_catalog.txid_current(), null::integer, null::integer, e.type, e.data, '
           || quote_literal(i_global_name) || '::pg_catalog.text, null::pg_catalog.text, null::pg_catalog.text, null::pg_catalog.text from (select '
           || case i_kind
                  when 'insert' then v_insert || v_head || 'newrows' || v_tail
                  when 'update' then v_update || v_head || 'newrows' || v_tail
                  when 'delete' then v_delete || v_head || 'oldrows' || v_tail
                  when 'row insert' then v_insert || v_head || v_new || v_tail
                  when 'row update' then v_update || v_head || v_new || v_tail
                  when 'row delete' then v_delete || v_head || v_old || v_tail
                  when 'safe delete' then v_delete || v_head || v_gone || v_tail
                  when 'key' then
                      v_leave || v_head || v_old || v_tail || ' union all select ' || v_insert || v_head || v_new || v_tail
                  when 'safe key' then
                      v_leave || v_head || v_old || v_tail || ' union all select ' || v_delete || v_head || v_new || v_tail
                      || ' union all select ' || v_insert || v_head || v_new || v_tail
                  when 'safe insert' then
                      v_delete || v_head || 'newrows' || v_tail || ' union all select ' || v_insert || v_head || 'newrows' || v_tail
              end
           || v_end
           || coalesce(case when v_end like '% where %' then ' and ' else ' where ' end || i_gate, '');
end;
$$;
