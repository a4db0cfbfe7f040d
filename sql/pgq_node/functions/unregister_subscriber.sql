create or replace function pgq_node.unregister_subscriber(
    in i_queue_name text,
    in i_remote_node_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.unregister_subscriber(2) - end the subscription of another node to this one.
 *
 * The position of its worker is removed too, unless the worker of another subscriber has that name.
 *
 * Parameters:
 *   i_queue_name         name of the cascaded queue
 *   i_remote_node_name   the subscriber
 * Returns:
 *   200  unsubscribed
 *   304  was not subscribed
 * Calls:   pgq.unregister_consumer
 * Writes:  pgq_node.subscriber_info (one row)
 */
declare
    v_worker_name       text;
    v_watermark_name    text;
begin
    -- first this row, which references both consumers
    delete from pgq_node.subscriber_info s
     where s.queue_name = i_queue_name
       and s.subscriber_node = i_remote_node_name
    returning s.worker_name, s.watermark_name
      into v_worker_name, v_watermark_name;
    if not found then
        ret_code := 304;
        ret_note := 'Subscriber not found';
        return;
    end if;

    perform pgq.unregister_consumer(i_queue_name, v_watermark_name);
    -- two nodes whose workers have the same name share one position, which the other still needs
    perform 1
       from pgq_node.subscriber_info s
      where s.queue_name = i_queue_name
        and s.worker_name = v_worker_name;
    if not found then
        perform pgq.unregister_consumer(i_queue_name, v_worker_name);
    end if;

    ret_code := 200;
    ret_note := 'Subscriber unregistered: ' || i_remote_node_name;
end;
$$;
