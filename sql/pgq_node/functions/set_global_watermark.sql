create or replace function pgq_node.set_global_watermark(
    in i_queue_name text,
    in i_watermark bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_global_watermark(2) - move the position that the whole cascade still needs.
 *
 * Every branch keeps its events from there, so that any node can become the provider of any other.
 * On a root, an event informs the branches.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_watermark    tick id; null on a root: the local watermark
 * Returns:
 *   100  leaf, nothing to move
 *   200  moved; or skipped on a branch that does not have the tick (yet)
 *   404  no node of this queue here
 *   500  null on a branch
 * Errors:
 *   local_watermark=NULL from get_node_info()?
 * Calls:   pgq_node.get_node_info, pgq.register_consumer_at, pgq.insert_event(7)
 * Writes:  on a root pgq_node.local_state (one row)
 */
declare
    v_node_type     text;
    v_worker_name   text;
    v_watermark     bigint := i_watermark;
begin
    select n.node_type, n.worker_name
      into v_node_type, v_worker_name
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Queue' || i_queue_name || ' not found';
        return;
    end if;

    if v_node_type = 'root' then
        if v_watermark is null then
            select f.local_watermark
              into v_watermark
              from pgq_node.get_node_info(i_queue_name) f;
            if v_watermark is null then
                raise exception 'local_watermark=NULL from get_node_info()?'
                    using errcode = 'object_not_in_prerequisite_state',
                          hint = 'The queue has no ticks and no consumers. Check whether queue "'
                                 || i_queue_name || '" exists: select * from pgq.queue';
            end if;
        end if;
        perform pgq.register_consumer_at(i_queue_name, '.global_watermark', v_watermark);
        perform pgq.insert_event(i_queue_name, 'pgq.global-watermark', v_watermark::text,
                                 i_queue_name, null, null, null);
        -- the root's worker reads no events, so its position follows the watermark
        update pgq_node.local_state as s
           set last_tick_id = v_watermark
         where s.queue_name = i_queue_name
           and s.consumer_name = v_worker_name;
    elsif v_node_type = 'branch' then
        if v_watermark is null then
            ret_code := 500;
            ret_note := 'bad usage: wm=null on branch node';
            return;
        end if;
        -- Tick and event are replayed independently, and a new branch does not have old ticks.
        perform 1
           from pgq.queue q
           join pgq.tick t on t.tick_queue = q.queue_id
          where q.queue_name = i_queue_name
            and t.tick_id = v_watermark;
        if not found then
            ret_code := 200;
            ret_note := 'Skipping global watermark update to ' || v_watermark;
            return;
        end if;
        perform pgq.register_consumer_at(i_queue_name, '.global_watermark', v_watermark);
    else
        ret_code := 100;
        ret_note := 'Ignoring global watermark in leaf';
        return;
    end if;

    ret_code := 200;
    ret_note := 'Global watermark set to ' || v_watermark;
end;
$$;
