create or replace function pgq_node.unregister_location(
    in i_queue_name text,
    in i_node_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.unregister_location(2) - remove a member from the known nodes of the cascade.
 *
 * On a root, an event informs the other members.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_node_name    the member; its subscription here is dropped as well
 * Returns:
 *   200  removed
 *   301  unknown here; a root sends the event anyway, other members may know it
 *   403  own node, or provider of the local worker
 * Calls:   pgq_node.unregister_subscriber, pgq.insert_event(7)
 * Writes:  pgq_node.node_location (one row)
 */
declare
    v_node_name     text;
    v_node_type     text;
    v_provider      text;
begin
    select n.node_name, n.node_type, s.provider_node
      into v_node_name, v_node_type, v_provider
      from pgq_node.node_info n
      left join pgq_node.local_state s
        on s.queue_name = n.queue_name and s.consumer_name = n.worker_name
     where n.queue_name = i_queue_name;
    if v_node_name = i_node_name then
        ret_code := 403;
        ret_note := 'Cannot drop node''s own location';
        return;
    end if;
    if v_provider = i_node_name then
        ret_code := 403;
        ret_note := 'Cannot drop location of node''s parent';
        return;
    end if;

    -- first the row in subscriber_info, which references the location
    perform pgq_node.unregister_subscriber(i_queue_name, i_node_name);

    delete from pgq_node.node_location l
     where l.queue_name = i_queue_name
       and l.node_name = i_node_name;
    if found then
        ret_code := 200;
        ret_note := 'Ok';
    else
        ret_code := 301;
        ret_note := 'Location not found: ' || i_queue_name || '/' || i_node_name;
    end if;

    if v_node_type = 'root' then
        perform pgq.insert_event(i_queue_name, 'pgq.unregister-location',
                                 i_node_name, i_queue_name, null, null, null);
    end if;
end;
$$;
