create or replace function pgq.get_queue_info(
    in i_queue_name text,
    out queue_name text, out queue_ntables integer, out queue_cur_table integer,
    out queue_rotation_period interval, out queue_switch_time timestamptz,
    out queue_external_ticker boolean, out queue_ticker_paused boolean,
    out queue_ticker_max_count integer, out queue_ticker_max_lag interval,
    out queue_ticker_idle_period interval, out ticker_lag interval,
    out ev_per_sec double precision, out ev_new bigint, out last_tick_id bigint)
returns setof record
language plpgsql
as $$
/*
 * pgq.get_queue_info(1) - return settings and state of queues.
 *
 * Parameters:
 *   i_queue_name   queue; null: all
 * Returns:
 *   one row per queue, ordered by name; ev_per_sec is the rate over about the last 20 ticks, null
 *   if there is only one
 * Calls:   pgq.seq_getval
 */
begin
    return query
        select q.queue_name, q.queue_ntables, q.queue_cur_table, q.queue_rotation_period,
               q.queue_switch_time, q.queue_external_ticker, q.queue_ticker_paused,
               q.queue_ticker_max_count, q.queue_ticker_max_lag, q.queue_ticker_idle_period,
               pg_catalog.now() - top.tick_time,
               (top.tick_event_seq - base.tick_event_seq)
                   / nullif(extract(epoch from top.tick_time - base.tick_time), 0)
                       ::double precision,
               pgq.seq_getval(q.queue_event_seq) - top.tick_event_seq,
               top.tick_id
        from pgq.queue q
        left join lateral (
            select t.tick_id, t.tick_time, t.tick_event_seq
            from pgq.tick t
            where t.tick_queue = q.queue_id
            order by t.tick_queue desc, t.tick_id desc
            limit 1) top on true
        left join lateral (
            select t.tick_time, t.tick_event_seq
            from pgq.tick t
            where t.tick_queue = q.queue_id
              and t.tick_id >= top.tick_id - 20
              and t.tick_id < top.tick_id
            order by t.tick_queue asc, t.tick_id asc
            limit 1) base on true
        where i_queue_name is null or q.queue_name = i_queue_name
        order by q.queue_name;
end;
$$;

create or replace function pgq.get_queue_info(
    out queue_name text, out queue_ntables integer, out queue_cur_table integer,
    out queue_rotation_period interval, out queue_switch_time timestamptz,
    out queue_external_ticker boolean, out queue_ticker_paused boolean,
    out queue_ticker_max_count integer, out queue_ticker_max_lag interval,
    out queue_ticker_idle_period interval, out ticker_lag interval,
    out ev_per_sec double precision, out ev_new bigint, out last_tick_id bigint)
returns setof record
language plpgsql
as $$
/*
 * pgq.get_queue_info(0) - return settings and state of all queues.
 *
 * Returns:
 *   one row per queue, ordered by name
 * Calls:   pgq.get_queue_info(1)
 */
begin
    return query select * from pgq.get_queue_info(null);
end;
$$;
