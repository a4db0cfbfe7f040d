create or replace function pgq.current_event_table(x_queue_name text)
returns text
language plpgsql
as $$
/*
 * pgq.current_event_table(1) - return the table into which the same transaction may COPY events.
 *
 * The writer has to supply at least ev_time; ev_id and ev_txid have defaults.
 *
 * Parameters:
 *   x_queue_name   queue
 * Returns:
 *   name of the current event table, not quoted
 * Errors:
 *   Event queue not found
 *   Writing to queue disabled (queue of a branch, and the session role is not replica)
 * Calls:   pgq._session_role
 */
declare
    v_queue record;
begin
    -- An id before reading pgq.queue: see pgq.maint_rotate_tables_step2, step 3.
    perform pg_catalog.txid_current();
    select q.queue_data_pfx || '_' || q.queue_cur_table::text as tbl, q.queue_disable_insert
        into v_queue
        from pgq.queue q
        where q.queue_name = x_queue_name;
    if not found then
        raise exception 'Event queue not found';
    end if;
    if v_queue.queue_disable_insert and pgq._session_role() <> 'replica' then
        raise exception 'Writing to queue disabled'
            using hint = 'this database is a branch: write on the root node';
    end if;
    return v_queue.tbl;
end;
$$;
