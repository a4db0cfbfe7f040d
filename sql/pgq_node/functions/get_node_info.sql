create or replace function pgq_node.get_node_info(
    in i_queue_name text,
    out ret_code integer,
    out ret_note text,
    out node_type text,
    out node_name text,
    out global_watermark bigint,
    out local_watermark bigint,
    out provider_node text,
    out provider_location text,
    out combined_queue text,
    out combined_type text,
    out worker_name text,
    out worker_paused boolean,
    out worker_uptodate boolean,
    out worker_last_tick bigint,
    out node_attrs text,
    out target_for text[])
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.get_node_info(1) - return the state of the local node of a queue.
 *
 * local_watermark is the lowest position that this node or a node below it still needs. The
 * consumers .NODE.watermark hold the positions that the subscribers' subtrees need, so they
 * count; .global_watermark does not, as it follows this value.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   100  found
 *   404  no node of this queue here; all other fields are null
 */
declare
    v_queue_id      integer;
    v_top_tick      bigint;
begin
    select 100, 'Ok', n.node_type, n.node_name,
           c.queue_name, c.node_type,
           n.worker_name, s.provider_node, l.node_location,
           s.paused, s.uptodate, s.last_tick_id, n.node_attrs
      into ret_code, ret_note, node_type, node_name,
           combined_queue, combined_type,
           worker_name, provider_node, provider_location,
           worker_paused, worker_uptodate, worker_last_tick, node_attrs
      from pgq_node.node_info n
      left join pgq_node.node_info c on c.queue_name = n.combined_queue
      left join pgq_node.local_state s
        on s.queue_name = n.queue_name and s.consumer_name = n.worker_name
      left join pgq_node.node_location l
        on l.queue_name = s.queue_name and l.node_name = s.provider_node
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;

    if node_type = 'leaf' then
        local_watermark := worker_last_tick;
        return;
    end if;

    select q.queue_id into v_queue_id
      from pgq.queue q
     where q.queue_name = i_queue_name;

    select t.tick_id into v_top_tick
      from pgq.tick t
     where t.tick_queue = v_queue_id
     order by t.tick_queue desc, t.tick_id desc
     limit 1;

    select min(case when c.co_name = '.global_watermark' then s.sub_last_tick end),
           min(case when c.co_name <> '.global_watermark' then s.sub_last_tick end)
      into global_watermark, local_watermark
      from pgq.subscription s
      join pgq.consumer c on c.co_id = s.sub_consumer
     where s.sub_queue = v_queue_id;
    if local_watermark is null then
        local_watermark := v_top_tick;
    end if;

    select array_agg(n.queue_name order by n.queue_name)
      into target_for
      from pgq_node.node_info n
     where n.combined_queue = i_queue_name;

    -- The root's worker reads no events: the database already contains them.
    if node_type = 'root' then
        worker_last_tick := v_top_tick;
    end if;
end;
$$;
