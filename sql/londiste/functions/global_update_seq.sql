create or replace function londiste.global_update_seq(
    in i_queue_name text,
    in i_seq_name text,
    in i_value bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.global_update_seq(3) - store a value of a sequence that the root has published.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_seq_name     sequence, schema public by default
 *   i_value        published value; a local sequence moves to it, in its own direction and
 *                  within its bounds
 * Returns:
 *   200  stored; an unknown sequence is known now. The note has a local sequence that does not
 *        exist: a worker must not stop because it was dropped
 *   402  this is the root
 *   404  no node of this queue here
 * Calls:   londiste.make_fqname, londiste.find_seq_oid, londiste._seq_follow
 * Writes:  londiste.seq_info (one row)
 */
declare
    v_seq       constant text := londiste.make_fqname(i_seq_name);
    v_node_type text;
    v_local     boolean;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Set not found: ' || i_queue_name;
        return;
    end if;
    if v_node_type = 'root' then
        ret_code := 402;
        ret_note := 'Must not run on root node';
        return;
    end if;

    update londiste.seq_info as s
       set last_value = i_value
     where s.queue_name = i_queue_name
       and s.seq_name = v_seq
    returning s.local
      into v_local;
    if not found then
        insert into londiste.seq_info (queue_name, seq_name, last_value)
        values (i_queue_name, v_seq, i_value);
    elsif v_local and londiste.find_seq_oid(v_seq) is not null then
        perform londiste._seq_follow(v_seq, i_value);
    end if;

    ret_code := 200;
    ret_note := 'Sequence updated'
                || case when v_local and londiste.find_seq_oid(v_seq) is null
                        then ', but not found: ' || v_seq else '' end;
end;
$$;
