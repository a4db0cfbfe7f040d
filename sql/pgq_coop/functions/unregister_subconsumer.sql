create or replace function pgq_coop.unregister_subconsumer(
    i_queue_name text, i_consumer_name text, i_subconsumer_name text, i_batch_handling integer)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_coop.unregister_subconsumer(4) - unregister a sub-consumer; the others continue.
 *
 * Parameters:
 *   i_queue_name         queue
 *   i_consumer_name      main consumer
 *   i_subconsumer_name   sub-consumer
 *   i_batch_handling     1: the events of an open batch go to the retry queue, so that the other
 *                        sub-consumers get them again; else an open batch is an error
 * Returns:
 *   1  unregistered
 *   0  was not registered
 * Errors:
 *   subconsumer has active batch
 * Calls:   pgq.batch_retry, pgq_coop._forget
 */
declare
    v_main record;
    v_sub record;
begin
    select s.sub_queue, s.sub_id
        into v_main
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        where q.queue_name = i_queue_name
          and c.co_name = i_consumer_name
        for update of s;
    if not found then
        return 0;
    end if;
    select s.sub_queue, s.sub_consumer, s.sub_batch
        into v_sub
        from pgq.subscription s
        join pgq.consumer c on c.co_id = s.sub_consumer
        where s.sub_queue = v_main.sub_queue
          and s.sub_id = v_main.sub_id
          and c.co_name = i_consumer_name || '.' || i_subconsumer_name
        for update of s;
    if not found then
        return 0;
    end if;

    if v_sub.sub_batch is not null then
        if i_batch_handling is distinct from 1 then
            raise exception 'subconsumer has active batch'
                using errcode = 'object_in_use',
                    detail = format('Queue: %s, consumer: %s, sub-consumer: %s, batch: %s',
                        i_queue_name, i_consumer_name, i_subconsumer_name, v_sub.sub_batch),
                    hint = 'finish the batch first, or return its events to the other'
                        ' sub-consumers with batch handling 1';
        end if;
        perform pgq.batch_retry(v_sub.sub_batch, 0);
    end if;
    perform pgq_coop._forget(v_sub.sub_queue, v_sub.sub_consumer);
    return 1;
end;
$$;
