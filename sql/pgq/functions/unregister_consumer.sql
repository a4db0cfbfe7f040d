create or replace function pgq.unregister_consumer(x_queue_name text, x_consumer_name text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.unregister_consumer(2) - end a subscription.
 *
 * A cooperative sub-consumer shares its sub_id with the main consumer and is removed alone;
 * removing the main consumer removes its sub-consumers and retry events as well.
 *
 * Parameters:
 *   x_queue_name      queue
 *   x_consumer_name   consumer
 * Returns:
 *   0  was not subscribed
 *   1  removed
 *   n  removed with its sub-consumers: number of subscriptions that shared its id
 * Writes:  pgq.subscription, pgq.consumer, pgq.retry_queue (delete)
 */
declare
    v_sub record;
    v_shared integer;
begin
    select s.sub_id, s.sub_queue, s.sub_consumer, s.sub_last_tick, s.sub_next_tick
        into v_sub
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        where q.queue_name = x_queue_name
          and c.co_name = x_consumer_name
        for update of s, c;
    if not found then
        return 0;
    end if;

    select count(*) into v_shared from pgq.subscription s where s.sub_id = v_sub.sub_id;
    if v_shared > 1 and (v_sub.sub_last_tick is null) = (v_sub.sub_next_tick is null) then
        delete from pgq.subscription s
            where s.sub_queue = v_sub.sub_queue and s.sub_consumer = v_sub.sub_consumer;
        return 1;
    end if;

    delete from pgq.retry_queue r where r.ev_owner = v_sub.sub_id;
    delete from pgq.subscription s where s.sub_id = v_sub.sub_id;
    perform 1 from pgq.subscription s where s.sub_consumer = v_sub.sub_consumer;
    if not found then
        delete from pgq.consumer c where c.co_id = v_sub.sub_consumer;
    end if;
    return v_shared;
end;
$$;
