create or replace function londiste.root_notify_change(
    i_queue_name text, i_ev_type text, i_ev_data text)
returns integer
language plpgsql
as $$
/*
 * londiste.root_notify_change(3) - send a change on the root to the other nodes, as an event.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_ev_type      londiste.add-table and the like
 *   i_ev_data      the table or sequence
 * Returns:
 *   1
 * Errors:
 *   only root node can send events
 *   queue does not exist (no local node)
 * Calls:   pgq_node.is_root_node, pgq.insert_event(3)
 */
begin
    if not coalesce(pgq_node.is_root_node(i_queue_name), false) then
        raise exception 'only root node can send events'
            using errcode = 'object_not_in_prerequisite_state',
                  hint = 'Run this on the root of queue "' || i_queue_name || '".';
    end if;
    perform pgq.insert_event(i_queue_name, i_ev_type, i_ev_data);

    return 1;
end;
$$;
