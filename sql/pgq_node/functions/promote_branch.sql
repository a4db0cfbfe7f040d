create or replace function pgq_node.promote_branch(
    in i_queue_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.promote_branch(1) - turn a branch into the root of its queue.
 *
 * The worker must be paused and must have applied all events of the old root.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   200  it is a root now
 *   301  not a branch, nothing done
 *   404  no node of this queue here
 * Calls:   pgq.seq_setval, pgq_node._close_event_tables
 * Writes:  pgq.queue (flags), pgq_node.node_info, pgq_node.local_state (one row each); triggers of
 *          the event tables
 */
declare
    v_node_type     text;
    v_node_name     text;
    v_worker_name   text;
    v_queue_id      integer;
    v_tick_seq      text;
    v_top_tick      bigint;
begin
    select n.node_type, n.node_name, n.worker_name
      into v_node_type, v_node_name, v_worker_name
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Node not initialized for queue: ' || i_queue_name;
        return;
    end if;
    if v_node_type <> 'branch' then
        ret_code := 301;
        ret_note := 'Node not branch';
        return;
    end if;

    update pgq.queue as q
       set queue_disable_insert = false,
           queue_external_ticker = false
     where q.queue_name = i_queue_name
    returning q.queue_id, q.queue_tick_seq
      into v_queue_id, v_tick_seq;

    select t.tick_id into v_top_tick
      from pgq.tick t
     where t.tick_queue = v_queue_id
     order by t.tick_queue desc, t.tick_id desc
     limit 1;
    -- the local ticker must continue above the ticks that came from the old root
    perform pgq.seq_setval(v_tick_seq, v_top_tick);
    perform pgq_node._close_event_tables(i_queue_name, false);

    update pgq_node.node_info as n
       set node_type = 'root'
     where n.queue_name = i_queue_name;

    update pgq_node.local_state as s
       set provider_node = v_node_name,
           last_tick_id = v_top_tick,
           uptodate = false
     where s.queue_name = i_queue_name
       and s.consumer_name = v_worker_name;

    ret_code := 200;
    ret_note := 'Branch node promoted to root';
end;
$$;
