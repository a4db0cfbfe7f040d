create or replace function pgq_node.set_node_attrs(
    in i_queue_name text,
    in i_node_attrs text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_node_attrs(2) - store the attributes of the local node.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_node_attrs   urlencoded dictionary, as in sync_watermark=node1,node2
 * Returns:
 *   200  stored
 *   404  no node of this queue here
 * Writes:  pgq_node.node_info (one row)
 */
begin
    update pgq_node.node_info as n
       set node_attrs = i_node_attrs
     where n.queue_name = i_queue_name;
    if found then
        ret_code := 200;
        ret_note := 'Node attributes updated';
    else
        ret_code := 404;
        ret_note := 'Node not found';
    end if;
end;
$$;
