create or replace function pgq.find_tick_helper(
    in i_queue_id integer, in i_prev_tick_id bigint, in i_prev_tick_time timestamptz,
    in i_prev_tick_seq bigint, in i_min_count bigint, in i_min_interval interval,
    out next_tick_id bigint, out next_tick_time timestamptz, out next_tick_seq bigint)
returns record
language plpgsql
stable
as $$
/*
 * pgq.find_tick_helper(6) - find the tick where a batch of about the requested size ends.
 *
 * Small ticks are merged up to the newest one. If that exceeds twice the requested size, the batch
 * ends at the first tick that is enough.
 *
 * Parameters:
 *   i_queue_id         queue
 *   i_prev_tick_id, i_prev_tick_time, i_prev_tick_seq   tick where the batch begins
 *   i_min_count        requested number of events; null: no limit
 *   i_min_interval     requested time span; null: no limit
 * Returns:
 *   the tick; nulls if there are not enough events yet
 */
declare
    v_tick record;
    v_count bigint;
    v_span interval;
begin
    select t.tick_id, t.tick_time, t.tick_event_seq
        into v_tick
        from pgq.tick t
        where t.tick_queue = i_queue_id
          and t.tick_id > i_prev_tick_id
        order by t.tick_queue desc, t.tick_id desc
        limit 1;
    if not found then
        return;
    end if;
    v_count := v_tick.tick_event_seq - i_prev_tick_seq;
    if i_min_interval is not null then
        v_span := v_tick.tick_time - i_prev_tick_time;
    end if;

    if v_count > 2 * i_min_count or v_span > 2 * i_min_interval then
        select t.tick_id, t.tick_time, t.tick_event_seq
            into v_tick
            from pgq.tick t
            where t.tick_queue = i_queue_id
              and t.tick_id > i_prev_tick_id
              and (t.tick_event_seq - i_prev_tick_seq >= i_min_count
                   or t.tick_time - i_prev_tick_time >= i_min_interval)
            order by t.tick_queue asc, t.tick_id asc
            limit 1;
    elsif v_count >= i_min_count or v_span >= i_min_interval then
        null;
    else
        return;
    end if;

    next_tick_id := v_tick.tick_id;
    next_tick_time := v_tick.tick_time;
    next_tick_seq := v_tick.tick_event_seq;
end;
$$;
