create or replace function pgq_node.get_worker_state(
    in i_queue_name text,
    out ret_code integer,
    out ret_note text,
    out node_type text,
    out node_name text,
    out completed_tick bigint,
    out provider_node text,
    out provider_location text,
    out paused boolean,
    out uptodate boolean,
    out cur_error text,
    out worker_name text,
    out global_watermark bigint,
    out local_watermark bigint,
    out local_queue_top bigint,
    out combined_queue text,
    out combined_type text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.get_worker_state(1) - return the state of the node's worker and of its queue.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   100  found
 *   404  no node of this queue here, or as in get_consumer_state; no node of the combined queue
 * Calls:   pgq_node.get_consumer_state, pgq_node.get_node_info
 */
declare
    v_combined_queue    text;
begin
    select n.worker_name, n.combined_queue
      into worker_name, v_combined_queue
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown queue: ' || i_queue_name;
        return;
    end if;

    combined_queue := v_combined_queue;
    select f.ret_code, f.ret_note, f.node_type, f.node_name, f.completed_tick,
           f.provider_node, f.provider_location, f.paused, f.uptodate, f.cur_error
      into ret_code, ret_note, node_type, node_name, completed_tick,
           provider_node, provider_location, paused, uptodate, cur_error
      from pgq_node.get_consumer_state(i_queue_name, worker_name) f;
    if ret_code >= 400 then
        return;
    end if;

    if v_combined_queue is not null then
        select c.node_type
          into combined_type
          from pgq_node.node_info c
         where c.queue_name = v_combined_queue;
        if not found then
            ret_code := 404;
            -- the misspelling is part of the interface: clients may match it
            ret_note := 'Combinde queue node not found: ' || combined_queue;
            return;
        end if;
    end if;

    select f.global_watermark, f.local_watermark
      into global_watermark, local_watermark
      from pgq_node.get_node_info(i_queue_name) f;

    if node_type in ('root', 'branch') then
        select t.tick_id
          into local_queue_top
          from pgq.queue q
          join pgq.tick t on t.tick_queue = q.queue_id
         where q.queue_name = i_queue_name
         order by t.tick_queue desc, t.tick_id desc
         limit 1;
    end if;
end;
$$;
