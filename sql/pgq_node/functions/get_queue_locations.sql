create or replace function pgq_node.get_queue_locations(
    in i_queue_name text,
    out node_name text,
    out node_location text,
    out dead boolean)
returns setof record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.get_queue_locations(1) - list the known members of a cascade.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   one row per member, in no particular order
 */
begin
    return query
    select l.node_name, l.node_location, l.dead
      from pgq_node.node_location l
     where l.queue_name = i_queue_name;
end;
$$;
