create or replace function pgq_node.unregister_subscriber(
    in i_queue_name text,
    in i_remote_node_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.unregister_subscriber(2) - another node reads no longer from this one.
 *
 * The position of its worker goes too, unless the worker of another subscriber has the same name.
 *
 * Parameters:
 *   i_queue_name         name of the cascaded queue
 *   i_remote_node_name   the subscriber
 * Returns:
 *   200  unsubscribed
 *   304  was no subscriber
 * Calls:   pgq.unregister_consumer
 * Writes:  pgq_node.subscriber_info (one row), pgq.subscription
 */
declare
    v_worker_name       text;
    v_watermark_name    text;
begin
    -- the row goes first, it refers to both consumers
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
    -- two nodes whose workers have one name share one position: the other one still needs it
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
