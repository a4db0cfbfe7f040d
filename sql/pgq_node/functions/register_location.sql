create or replace function pgq_node.register_location(
    in i_queue_name text,
    in i_node_name text,
    in i_node_location text,
    in i_dead boolean,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.register_location(4) - add a member to the known nodes, or change its entry.
 *
 * On a root, an event informs the other members.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_node_name       the member
 *   i_node_location   connect string; null keeps the stored one
 *   i_dead            true marks the node as dead
 * Returns:
 *   200  registered (also if the node is unknown and no location was given)
 * Calls:   pgq.insert_event(7)
 * Writes:  pgq_node.node_location (one row)
 */
declare
    v_node_type     text;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;

    update pgq_node.node_location as l
       set node_location = coalesce(i_node_location, l.node_location),
           dead = i_dead
     where l.queue_name = i_queue_name
       and l.node_name = i_node_name;
    if not found and i_node_location is not null then
        insert into pgq_node.node_location (queue_name, node_name, node_location, dead)
        values (i_queue_name, i_node_name, i_node_location, i_dead);
    end if;

    if v_node_type = 'root' then
        perform pgq.insert_event(i_queue_name, 'pgq.location-info',
                                 i_node_name, i_queue_name, i_node_location, i_dead::text, null);
    end if;

    ret_code := 200;
    ret_note := 'Location registered';
end;
$$;
