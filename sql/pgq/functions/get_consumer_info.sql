create or replace function pgq.get_consumer_info(
    in i_queue_name text, in i_consumer_name text,
    out queue_name text, out consumer_name text, out lag interval, out last_seen interval,
    out last_tick bigint, out current_batch bigint, out next_tick bigint, out pending_events bigint)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.get_consumer_info(2) - return position and lag of consumers.
 *
 * Parameters:
 *   i_queue_name      queue; null: all
 *   i_consumer_name   consumer; null: all
 * Returns:
 *   one row per subscription, ordered by queue and consumer; pending_events is an estimate from the
 *   event sequence
 */
begin
    return query
        select q.queue_name, c.co_name, now() - t.tick_time, now() - s.sub_active,
               s.sub_last_tick, s.sub_batch, s.sub_next_tick, top.tick_event_seq - t.tick_event_seq
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        left join pgq.tick t on t.tick_queue = s.sub_queue and t.tick_id = s.sub_last_tick
        left join lateral (
            select n.tick_event_seq
            from pgq.tick n
            where n.tick_queue = s.sub_queue
            order by n.tick_queue desc, n.tick_id desc
            limit 1) top on true
        where (i_queue_name is null or q.queue_name = i_queue_name)
          and (i_consumer_name is null or c.co_name = i_consumer_name)
        order by q.queue_name, c.co_name;
end;
$$;

create or replace function pgq.get_consumer_info(
    in i_queue_name text,
    out queue_name text, out consumer_name text, out lag interval, out last_seen interval,
    out last_tick bigint, out current_batch bigint, out next_tick bigint, out pending_events bigint)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.get_consumer_info(1) - return position and lag of the consumers of a queue.
 *
 * Parameters:
 *   i_queue_name   queue; null: all
 * Returns:
 *   one row per subscription, ordered by queue and consumer
 * Calls:   pgq.get_consumer_info(2)
 */
begin
    return query select * from pgq.get_consumer_info(i_queue_name, null);
end;
$$;

create or replace function pgq.get_consumer_info(
    out queue_name text, out consumer_name text, out lag interval, out last_seen interval,
    out last_tick bigint, out current_batch bigint, out next_tick bigint, out pending_events bigint)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.get_consumer_info(0) - return position and lag of all consumers.
 *
 * Returns:
 *   one row per subscription, ordered by queue and consumer
 * Calls:   pgq.get_consumer_info(2)
 */
begin
    return query select * from pgq.get_consumer_info(null, null);
end;
$$;
