create or replace function pgq.drop_queue(x_queue_name text, x_force boolean)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.drop_queue(2) - drop a queue with its events.
 *
 * Parameters:
 *   x_queue_name   queue
 *   x_force        true: unregister its consumers first
 * Returns:
 *   1
 * Errors:
 *   No such event queue
 *   cannot drop queue, consumers still attached
 * Calls:   pgq.unregister_consumer, pgq.quote_fqname
 * Writes:  pgq.queue, pgq.tick, pgq.retry_queue (delete)
 */
declare
    v_queue record;
    v_consumer text;
begin
    select * into v_queue
        from pgq.queue q
        where q.queue_name = x_queue_name
        for update;
    if not found then
        raise exception 'No such event queue';
    end if;

    if x_force then
        for v_consumer in
            select c.co_name
            from pgq.subscription s
            join pgq.consumer c on c.co_id = s.sub_consumer
            where s.sub_queue = v_queue.queue_id
            order by c.co_name
        loop
            perform pgq.unregister_consumer(x_queue_name, v_consumer);
        end loop;
    else
        perform 1 from pgq.subscription s where s.sub_queue = v_queue.queue_id;
        if found then
            raise exception 'cannot drop queue, consumers still attached'
                using hint = 'unregister them, or call pgq.drop_queue(queue, true)';
        end if;
    end if;

    for i in 0 .. v_queue.queue_ntables - 1 loop
        execute 'drop table ' || pgq.quote_fqname(v_queue.queue_data_pfx || '_' || i::text);
    end loop;
    execute 'drop table ' || pgq.quote_fqname(v_queue.queue_data_pfx);
    execute 'drop sequence ' || pgq.quote_fqname(v_queue.queue_tick_seq);
    execute 'drop sequence ' || pgq.quote_fqname(v_queue.queue_event_seq);

    delete from pgq.retry_queue r where r.ev_queue = v_queue.queue_id;
    delete from pgq.tick t where t.tick_queue = v_queue.queue_id;
    delete from pgq.queue q where q.queue_id = v_queue.queue_id;
    return 1;
end;
$$;

create or replace function pgq.drop_queue(x_queue_name text)
returns integer
language plpgsql
strict
as $$
/*
 * pgq.drop_queue(1) - drop a queue that has no consumers.
 *
 * Parameters:
 *   x_queue_name   queue
 * Returns:
 *   1
 * Errors:
 *   as pgq.drop_queue(2)
 * Calls:   pgq.drop_queue(2)
 */
begin
    return pgq.drop_queue(x_queue_name, false);
end;
$$;
