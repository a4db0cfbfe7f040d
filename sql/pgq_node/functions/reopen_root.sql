create or replace function pgq_node.reopen_root(
    in i_queue_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.reopen_root(1) - undo steps 1 and 2 of pgq_node.demote_root: accept events again.
 *
 * The caller must know that no other node has become the root.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 * Returns:
 *   200  open again
 *   201  it was open
 *   301  not a root, nothing done
 *   404  no node of this queue here
 * Calls:   pgq_node._close_event_tables
 * Writes:  pgq.queue (flags of one row); triggers of the event tables
 */
declare
    v_node_type     text;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Node not initialized for queue: ' || i_queue_name;
        return;
    end if;
    if v_node_type <> 'root' then
        ret_code := 301;
        ret_note := 'Node not root';
        return;
    end if;

    perform pgq_node._close_event_tables(i_queue_name, false);
    update pgq.queue as q
       set queue_disable_insert = false,
           queue_external_ticker = false
     where q.queue_name = i_queue_name
       and (q.queue_disable_insert or q.queue_external_ticker);
    if found then
        ret_code := 200;
        ret_note := 'Root accepts events again: ' || i_queue_name;
    else
        ret_code := 201;
        ret_note := 'Root is open: ' || i_queue_name;
    end if;
end;
$$;
