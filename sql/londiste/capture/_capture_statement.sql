create or replace function londiste._capture_statement(
    i_kind text, i_table oid, i_key text[], i_event_table text, i_sequence text, i_global_name text,
    i_condition text, i_gate text, i_hash_call text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_statement(9) - the statement that writes events of row changes to an event
 * table.
 *
 * Internal; capture functions call it. The events are those of pgq.jsontriga. Columns are spelled
 * out, so that nothing is looked up per row. A column that the table no longer has must not fail
 * the application's statement: names are looked up in the row first, then in a row of nulls beside
 * it that has all of them. So the statement always compiles, except for a hash of a column that is
 * gone, and i_condition, evaluated before any value is read, keeps it from writing what is out of
 * date.
 *
 * Parameters:
 *   i_kind          insert, update    such an event for each row of newrows
 *                   delete            DELETE of each row of oldrows
 *                   row insert, row update, row delete
 *                                     the same for the variables new, old of a row trigger
 *                   row safe insert   DELETE and INSERT of new
 *                   key               DELETE of old, with "moved":true at the end of its type, and
 *                                     INSERT of new: one row, so a consumer should not run the
 *                                     delete actions of its foreign keys
 *                   safe key          as key, with a DELETE of new between
 *                   moved             UPDATE of new, with old in ev_extra2 and its hash in
 *                                     ev_extra3: 'hash=2&old_hash=1'. Other updates have neither
 *                   safe insert       DELETE and INSERT of each row of newrows: right whether the
 *                                     row existed or not
 *                   safe delete       DELETE of each row of oldrows whose key the table does not
 *                                     have again
 *   i_table         the local table
 *   i_key           its key columns; without a condition, the columns of the primary key replace
 *                   names that the table no longer has
 *   i_event_table   the event table, quoted
 *   i_sequence      gives event ids, quoted
 *   i_global_name   ev_extra1
 *   i_condition     SQL; null: none, and the statement is for execute: new is $1, old is $2
 *   i_gate          SQL, evaluated once per statement before anything else; null: none
 *   i_hash_call     SQL for ev_extra3, see londiste._capture_hash_call; null: none. The first half
 *                   of key, the DELETE, has the hash of new as well: 'hash=1&new_hash=2'
 * Returns:
 *   an SQL statement
 * Calls:   londiste._capture_key, _capture_row, pgq._equality_operator
 */
declare
    c_type      constant text := '::pg_catalog.text as type, ';
    v_new       text := '(select (new).*)';
    v_old       text := '(select (old).*)';
    v_key       text[] := i_key;
    v_nulls     text;
    v_json      text;
    v_head      text;
    v_tail      text;
    v_gone      text;
    v_type      text;
    v_insert    text;
    v_delete    text;
    v_leave     text;
    v_update    text;
    v_end       text := ') as e';
    v_extras    text := 'null::pg_catalog.text, null::pg_catalog.text';
    v_hash      text := '';
    v_hashes    text := '';
    v_before    text := '';
    v_rows      text;
    v_half      text;
    v_moved     text;
begin
    if i_condition is null then
        v_new := '(select ($1).*)';
        v_old := '(select ($2).*)';
        -- Triggers continue to work when a key column is renamed; the statement needs the new name.
        if londiste._capture_key(i_table, array_to_string(i_key, ',')) is null then
            v_key := coalesce(londiste._capture_key(i_table, null), i_key);
        end if;
    end if;

    select to_json(n.nspname::text)::text || ',' || to_json(c.relname::text)::text || '],"pkey":['
           || coalesce((select string_agg(to_json(k.name)::text, ',' order by k.nr)
                          from unnest(v_key) with ordinality as k (name, nr)), '')
           || ']'
      into v_type
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.oid = i_table;
    v_insert := quote_literal('{"op":"INSERT","table":[' || v_type || '}') || c_type;
    v_update := quote_literal('{"op":"UPDATE","table":[' || v_type || '}') || c_type;
    v_leave := quote_literal('{"op":"DELETE","table":[' || v_type || ',"moved":true}') || c_type;
    v_delete := quote_literal('{"op":"DELETE","table":[' || v_type || '}') || c_type;

    select r.columns_null, r.row_json into v_nulls, v_json from londiste._capture_row(i_table) r;
    v_rows := ' from (select ' || v_nulls || ') as _absent cross join lateral (select ' || v_json
        || ' as data' || coalesce(', ' || i_hash_call || ' as hash', '') || ' from ';
    if i_hash_call is not null then
        v_extras := 'e.extra2, e.extra3';
        v_hash := ', null::pg_catalog.text as extra2, x.hash as extra3';
        -- these have the hash of the other row as well
        v_hashes := ', null::pg_catalog.text as extra2, pg_catalog.concat_ws(''&'', x.hash,'
            || ' (select coalesce(''new_'' operator(pg_catalog.||) r.hash, ''new_hash'')'
            || v_rows || v_new || ' as _row) as r)) as extra3';
        v_before := ', (select r.data' || v_rows || v_old || ' as _row) as r) as extra2,'
            || ' pg_catalog.concat_ws(''&'', x.hash,'
            || ' (select coalesce(''old_'' operator(pg_catalog.||) r.hash, ''old_hash'')'
            || v_rows || v_old || ' as _row) as r)) as extra3';
    end if;
    v_moved := 'x.data' || v_before || v_rows;
    v_half := 'x.data' || v_hashes || v_rows;
    v_head := 'x.data' || v_hash || v_rows;
    v_tail := ' as _row) as x' || coalesce(' where ' || i_condition, '');

    -- Where row_to_json() writes all types as required, single rows need no names and therefore no
    -- condition. The key columns must be present, as the event's type lists them: the search for
    -- their names is safe because a quote within a value has a backslash.
    -- boolean, int8, int2, int4, text, char(n), varchar, date, timestamp, timestamptz
    if i_hash_call is null and i_condition is not null
        and (i_kind like 'row %' or i_kind = 'key') and not exists (
        select 1 from pg_attribute a
         where a.attrelid = i_table and a.attnum > 0 and not a.attisdropped
           and (a.atttypid not in (16, 20, 21, 23, 25, 1042, 1043, 1082, 1114, 1184)
                or to_jsonb(a) ->> 'attgenerated' = 'v'))
    then
        v_head := 'pg_catalog.row_to_json(';
        v_half := v_head;
        v_new := 'new';
        v_old := 'old';
        v_tail := ')::pg_catalog.text as data';
        select ' offset 0) as e where '
               || string_agg('pg_catalog.strpos(e.data, '
                             || quote_literal(to_json(k.name)::text || ':')
                             || ') operator(pg_catalog.>) 0', ' and ')
          into v_end
          from unnest(v_key) as k (name);
    end if;

    if i_kind = 'safe delete' then
        select '(select * from oldrows as o where not exists (select 1 from only '
               || (select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
                     from pg_class c
                     join pg_namespace n on n.oid = c.relnamespace
                    where c.oid = i_table)
               || ' as t where '
               || string_agg(format(pgq._equality_operator(a.atttypid),
                                    't.' || quote_ident(a.attname), 'o.' || quote_ident(a.attname)),
                             ' and ' order by k.nr)
               || '))'
          into v_gone
          from unnest(v_key) with ordinality as k (name, nr)
          join pg_attribute a on a.attrelid = i_table and a.attname = k.name;
    end if;

    return 'insert into ' || i_event_table || ' (ev_id, ev_time, ev_txid, ev_owner, ev_retry,'
           || ' ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)'
           -- all columns, with their types: saves the executor a node
           || ' select pg_catalog.nextval(' || quote_literal(i_sequence)
           || '::pg_catalog.regclass), pg_catalog.now(), pg_catalog.txid_current(),'
           || ' null::integer, null::integer,'
           || ' e.type, e.data, ' || quote_literal(i_global_name) || '::pg_catalog.text,'
           || ' ' || v_extras || ', null::pg_catalog.text from (select '
           || case i_kind
                  when 'insert' then v_insert || v_head || 'newrows' || v_tail
                  when 'update' then v_update || v_head || 'newrows' || v_tail
                  when 'delete' then v_delete || v_head || 'oldrows' || v_tail
                  when 'row insert' then v_insert || v_head || v_new || v_tail
                  when 'row update' then v_update || v_head || v_new || v_tail
                  when 'row delete' then v_delete || v_head || v_old || v_tail
                  when 'row safe insert' then
                      v_delete || v_head || v_new || v_tail
                      || ' union all select ' || v_insert || v_head || v_new || v_tail
                  when 'moved' then v_update || v_moved || v_new || v_tail
                  when 'safe delete' then v_delete || v_head || v_gone || v_tail
                  when 'key' then
                      v_leave || v_half || v_old || v_tail
                      || ' union all select ' || v_insert || v_head || v_new || v_tail
                  when 'safe key' then
                      v_leave || v_half || v_old || v_tail
                      || ' union all select ' || v_delete || v_head || v_new || v_tail
                      || ' union all select ' || v_insert || v_head || v_new || v_tail
                  when 'safe insert' then
                      v_delete || v_head || 'newrows' || v_tail
                      || ' union all select ' || v_insert || v_head || 'newrows' || v_tail
              end
           || v_end
           || coalesce(case when v_end like '% where %' then ' and ' else ' where ' end || i_gate,
                       '');
end;
$$;
