create or replace function pgq_node.create_node(
    in i_queue_name text,
    in i_node_type text,
    in i_node_name text,
    in i_worker_name text,
    in i_provider_name text,
    in i_global_watermark bigint,
    in i_combined_queue text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.create_node(7) - initialize this database as a node of a cascaded queue.
 *
 * The locations of the node and of its provider must be registered before.
 *
 * Parameters:
 *   i_queue_name         name of the cascaded queue
 *   i_node_type          root, branch or leaf
 *   i_node_name          name of this node
 *   i_worker_name        consumer name of the node's worker
 *   i_provider_name      node to read from; null on a root
 *   i_global_watermark   tick to start from, as returned by register_subscriber; null on a root
 *   i_combined_queue     merge leaf only: the local queue that collects several part queues
 * Returns:
 *   200  created
 *   401  already a node of this queue, or invalid arguments
 * Calls:   pgq.create_queue, pgq.register_consumer, pgq.ticker(4), pgq.register_consumer_at,
 *          pgq_node.register_consumer
 * Writes:  pgq_node.node_info (one row), pgq.queue (flags of a branch)
 */
declare
    v_watermark     bigint;
    v_provider      text := i_provider_name;
begin
    perform 1 from pgq_node.node_info n where n.queue_name = i_queue_name;
    if found then
        ret_code := 401;
        ret_note := 'Node already initialized';
        return;
    end if;

    if i_node_type = 'root' then
        if coalesce(i_provider_name, i_global_watermark::text, i_combined_queue) is not null then
            ret_code := 401;
            ret_note := 'unexpected args for root';
            return;
        end if;
        perform pgq.create_queue(i_queue_name);
        -- without an explicit position, the consumer starts at the newest tick
        perform pgq.register_consumer(i_queue_name, '.global_watermark');
        select s.sub_last_tick
          into v_watermark
          from pgq.queue q
          join pgq.subscription s on s.sub_queue = q.queue_id
          join pgq.consumer c on c.co_id = s.sub_consumer
         where q.queue_name = i_queue_name
           and c.co_name = '.global_watermark';
        v_provider := i_node_name;
    elsif i_node_type = 'branch' then
        if i_provider_name is null then
            ret_code := 401;
            ret_note := 'provider not set for branch';
            return;
        end if;
        if i_global_watermark is null then
            ret_code := 401;
            ret_note := 'global watermark not set for branch';
            return;
        end if;
        v_watermark := i_global_watermark;
        perform pgq.create_queue(i_queue_name);
        update pgq.queue as q
           set queue_external_ticker = true,
               queue_disable_insert = true
         where q.queue_name = i_queue_name;
        -- create_queue has inserted tick 1. Subscribers of this branch start at the watermark, so
        -- that tick must exist, too.
        if v_watermark > 1 then
            perform pgq.ticker(i_queue_name, v_watermark, now(), 1);
        end if;
        perform pgq.register_consumer_at(i_queue_name, '.global_watermark', v_watermark);
    elsif i_node_type = 'leaf' then
        v_watermark := i_global_watermark;
        if i_combined_queue is not null then
            perform 1 from pgq.queue q where q.queue_name = i_combined_queue;
            if not found then
                ret_code := 401;
                ret_note := 'non-existing queue on leaf side: ' || i_combined_queue;
                return;
            end if;
        end if;
    else
        ret_code := 401;
        ret_note := 'bad node type: ' || coalesce(i_node_type, 'NULL');
        return;
    end if;

    insert into pgq_node.node_info (queue_name, node_type, node_name, worker_name, combined_queue)
    values (i_queue_name, i_node_type, i_node_name, i_worker_name, i_combined_queue);

    select f.ret_code, f.ret_note
      into ret_code, ret_note
      from pgq_node.register_consumer(i_queue_name, i_worker_name, v_provider, v_watermark) f;
    if ret_code <> 200 then
        return;
    end if;

    ret_code := 200;
    ret_note := 'Node "' || i_node_name || '" initialized for queue "' || i_queue_name
                || '" with type "' || i_node_type || '"';
end;
$$;
