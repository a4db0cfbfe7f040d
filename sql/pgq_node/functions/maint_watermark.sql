create or replace function pgq_node.maint_watermark(i_queue_name text)
returns integer
language plpgsql
as $$
/*
 * pgq_node.maint_watermark(1) - publish the global watermark if the root's worker does not.
 *
 * The ticker's maintenance calls this function for each local root.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   0, also if the watermark is recent or this is not a root
 * Calls:   pgq.get_consumer_info(2), pgq_node.set_global_watermark
 */
declare
    v_lag       interval;
begin
    perform 1
       from pgq_node.node_info n
      where n.queue_name = i_queue_name
        and n.node_type = 'root'
        for update;
    if not found then
        return 0;
    end if;

    select f.lag
      into v_lag
      from pgq.get_consumer_info(i_queue_name, '.global_watermark') f;
    if v_lag >= '5 minutes'::interval then
        perform pgq_node.set_global_watermark(i_queue_name, null);
    end if;

    return 0;
end;
$$;
