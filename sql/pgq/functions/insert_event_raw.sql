create or replace function pgq.insert_event_raw(
    queue_name text, ev_id bigint, ev_time timestamptz, ev_owner integer, ev_retry integer,
    ev_type text, ev_data text, ev_extra1 text, ev_extra2 text, ev_extra3 text, ev_extra4 text)
returns bigint
language plpgsql
as $$
#variable_conflict use_variable
/*
 * pgq.insert_event_raw(11) - insert an event into the current table of a queue.
 *
 * The queue's per-transaction limit is counted in a transaction-local setting per queue: it
 * needs no subtransaction and no table, and rolls back with the events it counts.
 *
 * Parameters:
 *   queue_name   queue
 *   ev_id        event id; null: the next one of the queue
 *   ev_time      creation time; null: now
 *   ev_owner     subscription that alone sees the event; null: all
 *   ev_retry     how often it was retried; null: never
 *   ev_type, ev_data, ev_extra1 ... ev_extra4   content
 * Returns:
 *   event id
 * Errors:
 *   Queue name must not be NULL
 *   No such queue
 *   Insert into queue disallowed (queue of a branch, and the session role is not replica)
 *   Queue '...' allows max ... events from one TX
 * Calls:   pgq.quote_fqname, pgq._session_role
 * Writes:  current event table of the queue (one row)
 */
declare
    v_queue record;
    v_seq_id bigint;
    v_counter text;
    v_counted text;
    v_count integer := 0;
begin
    if queue_name is null then
        raise exception 'Queue name must not be NULL';
    end if;
    -- An id before reading pgq.queue: see pgq.maint_rotate_tables_step2, step 3.
    perform pg_catalog.txid_current();
    select q.queue_id, q.queue_data_pfx, q.queue_cur_table, q.queue_event_seq,
           q.queue_disable_insert, q.queue_per_tx_limit
        into v_queue
        from pgq.queue q
        where q.queue_name = queue_name;
    if not found then
        raise exception 'No such queue'
            using errcode = 'undefined_object', detail = pg_catalog.format('Queue: %s', queue_name);
    end if;

    -- Before any refusal, and also if the caller supplies an id: clients rely on these gaps.
    v_seq_id := pg_catalog.nextval(pgq.quote_fqname(v_queue.queue_event_seq)::regclass);

    if v_queue.queue_disable_insert and pgq._session_role() <> 'replica' then
        raise exception 'Insert into queue disallowed'
            using detail = pg_catalog.format('Queue: %s', queue_name),
                hint = 'this database is a branch: write on the root node';
    end if;

    if v_queue.queue_per_tx_limit is not null then
        v_counter := 'pgq.tx_events_' || v_queue.queue_id::text;
        v_counted := pg_catalog.current_setting(v_counter, true);
        if pg_catalog.split_part(v_counted, ':', 1) = pg_catalog.txid_current()::text then
            v_count := pg_catalog.split_part(v_counted, ':', 2)::integer;
        end if;
        if v_count >= v_queue.queue_per_tx_limit then
            raise exception 'Queue ''%'' allows max % events from one TX',
                queue_name, v_queue.queue_per_tx_limit
                using errcode = 'program_limit_exceeded';
        end if;
        perform pg_catalog.set_config(
            v_counter, pg_catalog.txid_current()::text || ':' || (v_count + 1)::text, true);
    end if;

    execute 'insert into '
        || pgq.quote_fqname(v_queue.queue_data_pfx || '_' || v_queue.queue_cur_table::text)
        || ' (ev_id, ev_time, ev_owner, ev_retry,'
            ' ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)'
        || ' values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)'
        using coalesce(ev_id, v_seq_id), coalesce(ev_time, pg_catalog.now()), ev_owner, ev_retry,
            ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4;
    return coalesce(ev_id, v_seq_id);
end;
$$;
