create or replace function pgq.register_consumer_at(
    x_queue_name text, x_consumer_name text, x_tick_pos bigint)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.register_consumer_at(3) - subscribe a consumer, or move it to another tick.
 *
 * Moving drops the consumer's open batch. Watermark pseudo-consumers are moved this way too.
 *
 * Parameters:
 *   x_queue_name      queue
 *   x_consumer_name   consumer
 *   x_tick_pos        tick to start from; null: the newest, or no move if subscribed already
 * Returns:
 *   1  subscribed
 *   0  was subscribed already; moved if a tick was given
 * Errors:
 *   Event queue not created yet
 *   cannot reposition, tick not found
 *   No ticks for this queue
 * Writes:  pgq.consumer, pgq.subscription (one row each)
 */
declare
    v_queue_id integer;
    v_co_id integer;
    v_tick bigint := x_tick_pos;
begin
    select q.queue_id into v_queue_id from pgq.queue q where q.queue_name = x_queue_name;
    if not found then
        raise exception 'Event queue not created yet';
    end if;

    select c.co_id into v_co_id from pgq.consumer c where c.co_name = x_consumer_name for update;
    if not found then
        insert into pgq.consumer as c (co_name) values (x_consumer_name)
            on conflict (co_name) do update set co_name = excluded.co_name
            returning c.co_id into v_co_id;
    end if;

    if x_tick_pos is not null then
        perform 1 from pgq.tick t where t.tick_queue = v_queue_id and t.tick_id = x_tick_pos;
        if not found then
            raise exception 'cannot reposition, tick not found: %', x_tick_pos
                using hint = 'ticks are kept for about one rotation period';
        end if;
    end if;

    perform 1 from pgq.subscription s where s.sub_queue = v_queue_id and s.sub_consumer = v_co_id;
    if found then
        if x_tick_pos is not null then
            update pgq.subscription s
                set sub_last_tick = x_tick_pos, sub_batch = null, sub_next_tick = null,
                    sub_active = now()
                where s.sub_queue = v_queue_id and s.sub_consumer = v_co_id;
        end if;
        return 0;
    end if;

    if v_tick is null then
        select t.tick_id into v_tick
            from pgq.tick t
            where t.tick_queue = v_queue_id
            order by t.tick_queue desc, t.tick_id desc
            limit 1;
        if not found then
            raise exception 'No ticks for this queue.  Please run ticker on database.';
        end if;
    end if;
    insert into pgq.subscription (sub_queue, sub_consumer, sub_last_tick)
        values (v_queue_id, v_co_id, v_tick);
    return 1;
end;
$$;
