create or replace function pgq_node.drop_node(
    in i_queue_name text,
    in i_node_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.drop_node(2) - drop a node; run it on the node itself, then on every other member.
 *
 * On the node itself (or where no node of the queue exists) the queue, its events, subscribers,
 * consumers and locations are removed; Londiste's rows are deleted by cascade. On another member
 * only the subscription and the location of the dropped node are removed.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_node_name    node to drop
 * Returns:
 *   200  dropped, or unknown here
 *   405  it is the provider of the local worker
 * Calls:   pgq.drop_queue(2), pgq_node.unregister_subscriber, pgq_node.unregister_location
 * Writes:  pgq_node.subscriber_info, pgq_node.local_state, pgq_node.node_info,
 *          pgq_node.node_location
 */
declare
    v_node_name     text;
    v_provider      text;
begin
    select n.node_name, s.provider_node
      into v_node_name, v_provider
      from pgq_node.node_info n
      left join pgq_node.local_state s
        on s.queue_name = n.queue_name and s.consumer_name = n.worker_name
     where n.queue_name = i_queue_name;

    if not found or v_node_name = i_node_name then
        -- subscribers first: their rows refer to the consumers that drop_queue removes
        delete from pgq_node.subscriber_info s where s.queue_name = i_queue_name;
        delete from pgq_node.local_state s where s.queue_name = i_queue_name;
        delete from pgq_node.node_info n
         where n.queue_name = i_queue_name
           and n.node_name = i_node_name;
        perform pgq.drop_queue(q.queue_name, true)
           from pgq.queue q
          where q.queue_name = i_queue_name;
        delete from pgq_node.node_location l
         where l.queue_name = i_queue_name
           and l.node_name <> i_node_name;
    elsif v_provider = i_node_name then
        ret_code := 405;
        ret_note := 'Cannot drop provider node: ' || i_node_name;
        return;
    else
        perform pgq_node.unregister_subscriber(i_queue_name, i_node_name);
    end if;

    -- Ignore the result: the root's event may have removed the location already.
    perform pgq_node.unregister_location(i_queue_name, i_node_name);

    ret_code := 200;
    ret_note := 'Node dropped: ' || i_node_name;
end;
$$;
