create or replace function pgq.event_retry_raw(
    x_queue text, x_consumer text, x_retry_after timestamptz, x_ev_id bigint, x_ev_time timestamptz,
    x_ev_retry integer, x_ev_type text, x_ev_data text,
    x_ev_extra1 text, x_ev_extra2 text, x_ev_extra3 text, x_ev_extra4 text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.event_retry_raw(12) - schedule any event for delivery to one consumer.
 *
 * Parameters:
 *   x_queue, x_consumer   subscription
 *   x_retry_after         when to put it on the queue
 *   x_ev_id               event id; null: the next one of the queue
 *   x_ev_time, x_ev_retry, x_ev_type, x_ev_data, x_ev_extra1 ... x_ev_extra4   content
 * Returns:
 *   event id
 * Errors:
 *   consumer not registered
 *   unique_violation, if that event is scheduled already
 * Calls:   pgq.quote_fqname
 * Writes:  pgq.retry_queue (one row)
 */
declare
    v_sub record;
    v_id bigint := x_ev_id;
begin
    select s.sub_id, s.sub_queue, q.queue_event_seq
        into v_sub
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        where q.queue_name = x_queue
          and c.co_name = x_consumer;
    if not found then
        raise exception 'consumer not registered'
            using detail = format('Queue: %s, consumer: %s', x_queue, x_consumer);
    end if;
    if v_id is null then
        v_id := nextval(pgq.quote_fqname(v_sub.queue_event_seq)::regclass);
    end if;
    insert into pgq.retry_queue (ev_retry_after, ev_queue, ev_id, ev_time, ev_owner, ev_retry,
            ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
        values (x_retry_after, v_sub.sub_queue, v_id, x_ev_time, v_sub.sub_id, x_ev_retry,
            x_ev_type, x_ev_data, x_ev_extra1, x_ev_extra2, x_ev_extra3, x_ev_extra4);
    return v_id;
end;
$$;
