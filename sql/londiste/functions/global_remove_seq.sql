create or replace function londiste.global_remove_seq(
    in i_queue_name text,
    in i_seq_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.global_remove_seq(2) - remove a sequence; on the root also from the other nodes.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_seq_name     sequence, schema public by default
 * Returns:
 *   200  removed
 *   400  unknown
 * Errors:
 *   queue does not exist (no local node)
 * Calls:   londiste.make_fqname, pgq_node.is_root_node, londiste.root_notify_change
 * Writes:  londiste.seq_info (one row)
 */
declare
    v_seq   constant text := londiste.make_fqname(i_seq_name);
begin
    delete from londiste.seq_info s
     where s.queue_name = i_queue_name
       and s.seq_name = v_seq;
    if not found then
        ret_code := 400;
        ret_note := 'Sequence not found: ' || v_seq;
        return;
    end if;

    if pgq_node.is_root_node(i_queue_name) then
        perform londiste.root_notify_change(i_queue_name, 'londiste.remove-seq', v_seq);
    end if;

    ret_code := 200;
    ret_note := 'Sequence removed: ' || v_seq;
end;
$$;
