create or replace function pgq_coop.next_batch_custom(
    i_queue_name text, i_consumer_name text, i_subconsumer_name text,
    i_min_lag interval, i_min_count integer, i_min_interval interval, i_dead_interval interval)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_coop.next_batch_custom(7) - open a batch for a sub-consumer, or return its open one again.
 *
 * A sibling that has had its batch for longer than i_dead_interval counts as dead: the caller gets
 * its batch, with the same id, and the sibling is unregistered. If the sibling is still alive, its
 * next call registers it again. A batch that is being finished at this moment is not taken over.
 *
 * Sub-consumer and main consumer are registered if necessary.
 *
 * Parameters:
 *   i_queue_name         queue
 *   i_consumer_name      main consumer
 *   i_subconsumer_name   sub-consumer that calls
 *   i_min_lag, i_min_count, i_min_interval   as in pgq.next_batch_custom(), for a new batch
 *   i_dead_interval      longer than any batch takes; null: no sibling counts as dead
 * Returns:
 *   batch id; null if there is no batch
 * Errors:
 *   dead interval is negative
 *   main consumer has batch open?
 * Calls:   pgq_coop.register_subconsumer, pgq_coop._forget, pgq.next_batch_custom
 * Writes:  pgq.subscription (rows of main consumer, sub-consumer and a dead sibling)
 */
declare
    v_name constant text := i_consumer_name || '.' || i_subconsumer_name;
    v_main record;
    v_sub record;
    v_dead record;
    v_batch record;
begin
    if i_dead_interval < '0' then
        raise exception 'dead interval is negative: %', i_dead_interval
            using errcode = 'invalid_parameter_value',
                hint = 'give a time that is longer than any batch takes, or null';
    end if;

    loop
        select s.sub_queue, s.sub_consumer, s.sub_id, s.sub_batch
            into v_main
            from pgq.subscription s
            join pgq.queue q on q.queue_id = s.sub_queue
            join pgq.consumer c on c.co_id = s.sub_consumer
            where q.queue_name = i_queue_name
              and c.co_name = i_consumer_name
            for update of s;
        select s.sub_consumer, s.sub_batch
            into v_sub
            from pgq.subscription s
            join pgq.consumer c on c.co_id = s.sub_consumer
            where s.sub_queue = v_main.sub_queue
              and s.sub_id = v_main.sub_id
              and c.co_name = v_name;
        exit when found;
        perform pgq_coop.register_subconsumer(i_queue_name, i_consumer_name, i_subconsumer_name);
    end loop;

    if v_sub.sub_batch is not null then
        -- a sub-consumer that calls is alive
        update pgq.subscription s
            set sub_active = now()
            where s.sub_queue = v_main.sub_queue and s.sub_consumer = v_sub.sub_consumer;
        return v_sub.sub_batch;
    end if;

    if i_dead_interval is not null then
        select s.sub_consumer, s.sub_batch, s.sub_last_tick, s.sub_next_tick
            into v_dead
            from pgq.subscription s
            where s.sub_queue = v_main.sub_queue
              and s.sub_id = v_main.sub_id
              and s.sub_consumer <> v_main.sub_consumer
              and s.sub_batch is not null
              and s.sub_active < now() - i_dead_interval
            order by s.sub_active
            limit 1
            for update skip locked;
        if found then
            perform pgq_coop._forget(v_main.sub_queue, v_dead.sub_consumer);
            update pgq.subscription s
                set sub_batch = v_dead.sub_batch, sub_last_tick = v_dead.sub_last_tick,
                    sub_next_tick = v_dead.sub_next_tick, sub_active = now()
                where s.sub_queue = v_main.sub_queue and s.sub_consumer = v_sub.sub_consumer;
            return v_dead.sub_batch;
        end if;
    end if;

    if v_main.sub_batch is not null then
        raise exception 'main consumer has batch open?'
            using errcode = 'object_not_in_prerequisite_state',
                detail = format('Queue: %s, consumer: %s, batch: %s',
                    i_queue_name, i_consumer_name, v_main.sub_batch),
                hint = 'finish the batch of the main consumer with pgq.finish_batch(),'
                    ' and read through sub-consumers only';
    end if;
    select f.batch_id, f.cur_tick_id, f.prev_tick_id
        into v_batch
        from pgq.next_batch_custom(
            i_queue_name, i_consumer_name, i_min_lag, i_min_count, i_min_interval) f;
    if v_batch.batch_id is null then
        return null;
    end if;
    update pgq.subscription s
        set sub_last_tick = v_batch.cur_tick_id, sub_batch = null, sub_next_tick = null,
            sub_active = now()
        where s.sub_queue = v_main.sub_queue and s.sub_consumer = v_main.sub_consumer;
    update pgq.subscription s
        set sub_last_tick = v_batch.prev_tick_id, sub_batch = v_batch.batch_id,
            sub_next_tick = v_batch.cur_tick_id, sub_active = now()
        where s.sub_queue = v_main.sub_queue and s.sub_consumer = v_sub.sub_consumer;
    return v_batch.batch_id;
end;
$$;

create or replace function pgq_coop.next_batch_custom(
    i_queue_name text, i_consumer_name text, i_subconsumer_name text,
    i_min_lag interval, i_min_count integer, i_min_interval interval)
returns bigint
language plpgsql
as $$
/*
 * pgq_coop.next_batch_custom(6) - open a batch for a sub-consumer; no sibling counts as dead.
 *
 * Parameters:
 *   i_queue_name         queue
 *   i_consumer_name      main consumer
 *   i_subconsumer_name   sub-consumer that calls
 *   i_min_lag, i_min_count, i_min_interval   as in pgq.next_batch_custom(), for a new batch
 * Returns:
 *   batch id; null if there is no batch
 * Errors:
 *   as pgq_coop.next_batch_custom(7)
 * Calls:   pgq_coop.next_batch_custom(7)
 */
begin
    return pgq_coop.next_batch_custom(i_queue_name, i_consumer_name, i_subconsumer_name,
        i_min_lag, i_min_count, i_min_interval, null);
end;
$$;
