create or replace function londiste.local_add_seq(
    in i_queue_name text,
    in i_seq_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_add_seq(2) - start to replicate a sequence on this node.
 *
 * A root publishes its value; elsewhere the sequence moves to the published value.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_seq_name     sequence, schema public by default
 * Returns:
 *   200  added
 *   201  was added already
 *   400  no such sequence here
 *   404  the queue does not know the sequence
 * Errors:
 *   queue does not exist (no local node)
 * Calls:   londiste.make_fqname, londiste.find_seq_oid, pgq_node.is_root_node, pgq.seq_getval,
 *          londiste._seq_publish, pgq.insert_event(7), londiste._seq_follow
 * Writes:  londiste.seq_info (one row)
 */
declare
    v_seq       constant text := londiste.make_fqname(i_seq_name);
    v_is_root   boolean;
    v_local     boolean;
    v_known     boolean;
    v_last      bigint;
    v_first     bigint;
    v_publish   bigint;
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
    v_first := pgq.seq_getval(v_seq);
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

    if v_is_root then
        -- Not all sequences by root_check_seqs: adding many of them would take quadratic time.
        v_publish := londiste._seq_publish(v_seq, coalesce(v_last, v_first), 10000);
    end if;
    if v_known then
        update londiste.seq_info as s
           set local = true,
               last_value = coalesce(v_publish, s.last_value)
         where s.queue_name = i_queue_name
           and s.seq_name = v_seq;
    else
        insert into londiste.seq_info (queue_name, seq_name, local, last_value)
        values (i_queue_name, v_seq, true, coalesce(v_publish, v_first));
    end if;

    if v_is_root then
        -- A sequence without a value to be ahead to is published as well, if it is new: the other
        -- nodes would not know it.
        if v_publish is not null or not v_known then
            perform pgq.insert_event(i_queue_name, 'londiste.update-seq',
                                     coalesce(v_publish, v_first)::text, v_seq, null, null, null);
        end if;
    else
        perform londiste._seq_follow(v_seq, v_last);
    end if;

    ret_code := 200;
    ret_note := 'Sequence added: ' || v_seq;
end;
$$;
