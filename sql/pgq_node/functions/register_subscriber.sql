create or replace function pgq_node.register_subscriber(
    in i_queue_name text,
    in i_remote_node_name text,
    in i_remote_worker_name text,
    in i_custom_tick_id bigint,
    out ret_code integer,
    out ret_note text,
    out global_watermark bigint)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.register_subscriber(4) - subscribe another node to this one.
 *
 * The location of the subscriber must be registered before.
 *
 * Parameters:
 *   i_queue_name           name of the cascaded queue
 *   i_remote_node_name     the new subscriber
 *   i_remote_worker_name   its worker
 *   i_custom_tick_id       position of the worker; null: the global watermark
 * Returns:
 *   200  subscribed; global_watermark is where the subscriber has to start its own queue
 *   401  this node is a leaf
 *   404  no node of this queue here
 * Calls:   pgq.register_consumer_at
 * Writes:  pgq_node.subscriber_info (one row)
 */
declare
    v_node_type         text;
    v_watermark_name    text := '.' || i_remote_node_name || '.watermark';
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;
    if v_node_type = 'leaf' then
        ret_code := 401;
        ret_note := 'Cannot subscribe to leaf node';
        return;
    end if;

    select s.sub_last_tick
      into global_watermark
      from pgq.queue q
      join pgq.subscription s on s.sub_queue = q.queue_id
      join pgq.consumer c on c.co_id = s.sub_consumer
     where q.queue_name = i_queue_name
       and c.co_name = '.global_watermark';

    perform pgq.register_consumer_at(i_queue_name, v_watermark_name, global_watermark);
    perform pgq.register_consumer_at(i_queue_name, i_remote_worker_name,
                                     coalesce(i_custom_tick_id, global_watermark));

    insert into pgq_node.subscriber_info (queue_name, subscriber_node, worker_name, watermark_name)
    values (i_queue_name, i_remote_node_name, i_remote_worker_name, v_watermark_name);

    ret_code := 200;
    ret_note := 'Subscriber registered: ' || i_remote_node_name;
end;
$$;
