create or replace function londiste.local_add_seq(
    in i_queue_name text,
    in i_seq_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_add_seq(2) - replicate a sequence on this node.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_seq_name     sequence, public when it has no schema
 * Returns:
 *   200  added
 *   201  was added
 *   400  no such sequence here
 *   404  not known to the queue
 * Calls:   londiste.root_check_seqs on a root, londiste._seq_follow elsewhere
 * Writes:  londiste.seq_info (one row)
 */
declare
    v_seq       constant text := londiste.make_fqname(i_seq_name);
    v_is_root   boolean;
    v_local     boolean;
    v_known     boolean;
    v_last      bigint;
begin
    if londiste.find_seq_oid(v_seq) is null then
        ret_code := 400;
        ret_note := 'Sequence not found: ' || v_seq;
        return;
    end if;

    v_is_root := pgq_node.is_root_node(i_queue_name);
    select s.local, s.last_value
      into v_local, v_last
      from londiste.seq_info s
     where s.queue_name = i_queue_name
       and s.seq_name = v_seq
       for update;
    v_known := found;
    if v_local then
        ret_code := 201;
        ret_note := 'Sequence already added: ' || v_seq;
        return;
    end if;
    if not v_known and not v_is_root then
        ret_code := 404;
        ret_note := 'Unknown sequence: ' || v_seq;
        return;
    end if;

    if v_known then
        update londiste.seq_info as s
           set local = true
         where s.queue_name = i_queue_name
           and s.seq_name = v_seq;
    else
        -- as if its present value was published: root_check_seqs publishes the next one
        insert into londiste.seq_info (queue_name, seq_name, local, last_value)
        values (i_queue_name, v_seq, true, pgq.seq_getval(v_seq));
    end if;

    if v_is_root then
        perform londiste.root_check_seqs(i_queue_name);
    else
        perform londiste._seq_follow(v_seq, v_last);
    end if;

    ret_code := 200;
    ret_note := 'Sequence added: ' || v_seq;
end;
$$;
