create or replace function londiste.local_remove_seq(
    in i_queue_name text,
    in i_seq_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.local_remove_seq(2) - stop replicating a sequence; on a root remove it completely.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_seq_name     sequence, schema public by default
 * Returns:
 *   200  removed
 *   400  root: unknown
 *   404  elsewhere: not replicated here
 * Errors:
 *   queue does not exist (no local node)
 * Calls:   londiste.make_fqname, pgq_node.is_root_node, londiste.global_remove_seq
 * Writes:  londiste.seq_info (one row)
 */
declare
    v_seq   constant text := londiste.make_fqname(i_seq_name);
begin
    if pgq_node.is_root_node(i_queue_name) then
        select f.ret_code, f.ret_note
          into ret_code, ret_note
          from londiste.global_remove_seq(i_queue_name, v_seq) f;
        return;
    end if;

    update londiste.seq_info as s
       set local = false
     where s.queue_name = i_queue_name
       and s.seq_name = v_seq
       and s.local;
    if found then
        ret_code := 200;
        ret_note := 'Sequence removed: ' || v_seq;
    else
        ret_code := 404;
        ret_note := 'Sequence not found: ' || v_seq;
    end if;
end;
$$;
