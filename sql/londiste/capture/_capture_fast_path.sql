create or replace function londiste._capture_fast_path(
    i_queue_id integer, i_table oid, i_global_name text, i_key text[], i_function text,
    i_kinds text[], i_hash_call text)
returns table (kind text, event_table integer, current_table text, statement text)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_fast_path(7) - the statements of a capture function that write events while
 * table and queue are as they were when it was generated.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_id      the queue
 *   i_table         the local table
 *   i_global_name   its name on all nodes
 *   i_key           its key columns
 *   i_function      name of the capture function, without schema
 *   i_kinds         what it writes, see londiste._capture_statement
 *   i_hash_call     see londiste._capture_hash_call; null: none
 * Returns: a row for each kind and event table
 *   kind            one of i_kinds
 *   event_table     number of the event table
 *   current_table   expression: the number of the current one, see londiste._capture_switch
 *   statement       writes the events if the table is the current one and the columns are the same
 * Calls:   londiste._capture_columns, _capture_statement
 */
declare
    v_columns   constant text := londiste._capture_columns(i_table);
    v_function  constant text := quote_ident(i_function);
    -- called when the statement is planned
    v_planned   constant text := format('londiste._capture_current(%L, %L)', i_function, v_columns);
    -- The server does not plan a statement again that reads no transition table, so it asks each
    -- time it is executed.
    v_executed  constant text :=
        '(select pg_catalog.string_agg(a.attnum::pg_catalog.text operator(pg_catalog.||) '' '''
        || ' operator(pg_catalog.||) a.attname::pg_catalog.text operator(pg_catalog.||) '' '''
        || ' operator(pg_catalog.||) a.atttypid::pg_catalog.text, '','' order by a.attnum)'
        || ' operator(pg_catalog.=) ' || quote_literal(v_columns)
        || ' from pg_catalog.pg_attribute as a where a.attrelid operator(pg_catalog.=) '
        || v_function || '.tg_relid and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped)';
    q           record;
begin
    select * into strict q from pgq.queue x where x.queue_id = i_queue_id;
    current_table := 'londiste._current_table_' || i_queue_id || '()';
    foreach kind in array i_kinds loop
        for n in 0 .. q.queue_ntables - 1 loop
            event_table := n;
            statement := londiste._capture_statement(
                kind, i_table, i_key, pgq.quote_fqname(q.queue_data_pfx || '_' || n),
                pgq.quote_fqname(q.queue_event_seq), i_global_name,
                case when kind in ('insert', 'update', 'delete') then v_planned else v_executed end,
                current_table || ' operator(pg_catalog.=) ' || n, i_hash_call);
            -- a column may be called new or old
            statement := replace(replace(statement,
                '(select (new).*)', '(select (' || v_function || '.new).*)'),
                '(select (old).*)', '(select (' || v_function || '.old).*)');
            return next;
        end loop;
    end loop;
end;
$$;
