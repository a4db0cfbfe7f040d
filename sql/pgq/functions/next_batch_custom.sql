create or replace function pgq.next_batch_custom(
    in i_queue_name text, in i_consumer_name text,
    in i_min_lag interval, in i_min_count integer, in i_min_interval interval,
    out batch_id bigint, out cur_tick_id bigint, out prev_tick_id bigint,
    out cur_tick_time timestamptz, out prev_tick_time timestamptz,
    out cur_tick_event_seq bigint, out prev_tick_event_seq bigint)
returns record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.next_batch_custom(5) - open the consumer's next batch, or return the open one again.
 *
 * An idle consumer polls often, so polling takes no lock: the final update applies only if the
 * subscription is still at the position that was read. If two sessions of one consumer meet there,
 * the later one returns the batch of the first.
 *
 * Parameters:
 *   i_queue_name      queue
 *   i_consumer_name   consumer
 *   i_min_lag         ignore ticks that are younger
 *   i_min_count       wait until there are about that many events
 *   i_min_interval    ... or until they span that much time
 * Returns:
 *   the batch and its two ticks; one row of nulls if there is no batch
 * Errors:
 *   Not subscriber to queue
 *   PgQ corruption: Consumer ... on queue ... does not see tick <NULL>
 * Calls:   pgq.find_tick_helper
 * Writes:  pgq.subscription (one row)
 */
declare
    v_sub record;
begin
    loop
        select s.sub_queue, s.sub_consumer, s.sub_last_tick, s.sub_batch, s.sub_next_tick,
               p.tick_id as prev_id, p.tick_time as prev_time, p.tick_event_seq as prev_seq,
               n.tick_time as next_time, n.tick_event_seq as next_seq
            into v_sub
            from pgq.consumer c
            join pgq.subscription s on s.sub_consumer = c.co_id
            join pgq.queue q on q.queue_id = s.sub_queue
            left join pgq.tick p on p.tick_queue = s.sub_queue and p.tick_id = s.sub_last_tick
            left join pgq.tick n on n.tick_queue = s.sub_queue and n.tick_id = s.sub_next_tick
            where q.queue_name = i_queue_name
              and c.co_name = i_consumer_name;
        if not found then
            raise exception 'Not subscriber to queue: %/%',
                coalesce(i_queue_name, 'NULL'), coalesce(i_consumer_name, 'NULL');
        end if;
        if v_sub.prev_id is null then
            raise exception 'PgQ corruption: Consumer % on queue % does not see tick <NULL>',
                i_consumer_name, i_queue_name
                using errcode = 'data_corrupted',
                    detail = format('Last tick of the subscription: %s', v_sub.sub_last_tick);
        end if;

        if v_sub.sub_batch is not null then
            batch_id := v_sub.sub_batch;
            cur_tick_id := v_sub.sub_next_tick;
            cur_tick_time := v_sub.next_time;
            cur_tick_event_seq := v_sub.next_seq;
        elsif i_min_count is null and i_min_interval is null then
            select t.tick_id, t.tick_time, t.tick_event_seq
                into cur_tick_id, cur_tick_time, cur_tick_event_seq
                from pgq.tick t
                where t.tick_queue = v_sub.sub_queue
                  and t.tick_id > v_sub.prev_id
                order by t.tick_queue asc, t.tick_id asc
                limit 1;
        else
            select f.next_tick_id, f.next_tick_time, f.next_tick_seq
                into cur_tick_id, cur_tick_time, cur_tick_event_seq
                from pgq.find_tick_helper(v_sub.sub_queue, v_sub.prev_id, v_sub.prev_time,
                    v_sub.prev_seq, i_min_count, i_min_interval) f;
        end if;

        if batch_id is null and (cur_tick_id is null or now() - cur_tick_time < i_min_lag) then
            cur_tick_id := null;
            cur_tick_time := null;
            cur_tick_event_seq := null;
            return;
        end if;
        if batch_id is null then
            update pgq.subscription s
                set sub_batch = nextval('pgq.batch_id_seq'), sub_next_tick = cur_tick_id,
                    sub_active = now()
                where s.sub_queue = v_sub.sub_queue
                  and s.sub_consumer = v_sub.sub_consumer
                  and s.sub_last_tick = v_sub.prev_id
                  and s.sub_batch is null
                returning s.sub_batch into batch_id;
        end if;
        exit when batch_id is not null;
    end loop;

    prev_tick_id := v_sub.prev_id;
    prev_tick_time := v_sub.prev_time;
    prev_tick_event_seq := v_sub.prev_seq;
end;
$$;
