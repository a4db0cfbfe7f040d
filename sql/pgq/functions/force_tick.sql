create or replace function pgq.force_tick(i_queue_name text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.force_tick(1) - raise the event sequence so that the ticker's next round ticks.
 *
 * Does not tick itself. Callers repeat it, pausing in between, until the result changes.
 *
 * Parameters:
 *   i_queue_name   queue; unchanged if its ticker is external or paused
 * Returns:
 *   id of the newest tick; null for an unknown queue
 * Calls:   pgq.seq_setval, pgq.quote_fqname
 */
declare
    v_queue record;
begin
    select q.queue_id, q.queue_event_seq, q.queue_ticker_max_count,
           q.queue_external_ticker or q.queue_ticker_paused as no_local_ticker
        into v_queue
        from pgq.queue q
        where q.queue_name = i_queue_name;
    if not found then
        return null;
    end if;
    if not v_queue.no_local_ticker then
        perform pgq.seq_setval(v_queue.queue_event_seq,
            nextval(pgq.quote_fqname(v_queue.queue_event_seq)::regclass)
                + v_queue.queue_ticker_max_count * 2::bigint + 1000);
    end if;
    return (select t.tick_id
        from pgq.tick t
        where t.tick_queue = v_queue.queue_id
        order by t.tick_queue desc, t.tick_id desc
        limit 1);
end;
$$;
