create or replace function pgq.get_batch_cursor(
    in i_batch_id bigint, in i_cursor_name text, in i_quick_limit integer, in i_extra_where text,
    out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer,
    out ev_type text, out ev_data text, out ev_extra1 text, out ev_extra2 text,
    out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
as $$
/*
 * pgq.get_batch_cursor(4) - open a cursor over a batch and return its first events.
 *
 * Parameters:
 *   i_batch_id      open batch
 *   i_cursor_name   name of the cursor to declare; the caller fetches the rest and closes it
 *   i_quick_limit   how many events to return immediately
 *   i_extra_where   SQL condition over the ev_* columns, run with the caller's rights; null: none
 * Returns:
 *   the first events, ordered by id; no rows and no cursor if one of the first three is null
 * Errors:
 *   as pgq.batch_event_sql
 * Calls:   pgq.batch_event_sql
 */
declare
    v_sql text;
begin
    if i_batch_id is null or i_cursor_name is null or i_quick_limit is null then
        return;
    end if;

    v_sql := pgq.batch_event_sql(i_batch_id);
    if i_extra_where is not null then
        v_sql := 'select * from (' || pg_catalog.regexp_replace(v_sql, ' order by 1$', '')
            || ') as ev where (' || i_extra_where || E'\n) order by 1';
    end if;
    execute 'declare ' || pg_catalog.quote_ident(i_cursor_name)
        || ' no scroll cursor for ' || v_sql;
    if i_quick_limit > 0 then
        return query execute
            'fetch ' || i_quick_limit::text || ' from ' || pg_catalog.quote_ident(i_cursor_name);
    end if;
end;
$$;

create or replace function pgq.get_batch_cursor(
    in i_batch_id bigint, in i_cursor_name text, in i_quick_limit integer,
    out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer,
    out ev_type text, out ev_data text, out ev_extra1 text, out ev_extra2 text,
    out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
strict
as $$
/*
 * pgq.get_batch_cursor(3) - open a cursor over a whole batch and return its first events.
 *
 * Parameters:
 *   i_batch_id      open batch
 *   i_cursor_name   name of the cursor to declare; the caller fetches the rest and closes it
 *   i_quick_limit   how many events to return immediately
 * Returns:
 *   the first events, ordered by id
 * Errors:
 *   as pgq.batch_event_sql
 * Calls:   pgq.get_batch_cursor(4)
 */
begin
    return query select * from pgq.get_batch_cursor(i_batch_id, i_cursor_name, i_quick_limit, null);
end;
$$;
