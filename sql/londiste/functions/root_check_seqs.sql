create or replace function londiste.root_check_seqs(
    in i_queue_name text,
    in i_buffer bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.root_check_seqs(2) - publish sequences before they reach the value published last.
 *
 * The published values are always ahead, so a node that takes over never returns a value twice.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_buffer       safe distance in values; 10000 if null or less than 10. Shorter for sequences
 *                  that have fewer values left
 * Returns:
 *   100  checked; the note lists sequences that no longer exist
 *   402  not the root
 *   404  no node of this queue here
 * Calls:   londiste.find_seq_oid, londiste._seq_publish, pgq.insert_event(7)
 * Writes:  londiste.seq_info
 */
declare
    v_buffer    constant bigint := case when i_buffer >= 10 then i_buffer else 10000 end;
    v_node_type text;
    v_publish   bigint;
    v_missing   text;
    r           record;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 404;
        ret_note := 'Queue not found: ' || i_queue_name;
        return;
    end if;
    if v_node_type <> 'root' then
        ret_code := 402;
        ret_note := 'Not a root node';
        return;
    end if;

    for r in
        select s.seq_name, s.last_value
          from londiste.seq_info s
         where s.queue_name = i_queue_name
           and s.local
         order by s.nr
    loop
        if londiste.find_seq_oid(r.seq_name) is null then
            -- The sequence was dropped without being removed. Continue with the others.
            v_missing := coalesce(v_missing || ', ', ', but not found: ') || r.seq_name;
            continue;
        end if;
        v_publish := londiste._seq_publish(r.seq_name, r.last_value, v_buffer);
        if v_publish is not null then
            perform pgq.insert_event(i_queue_name, 'londiste.update-seq',
                                     v_publish::text, r.seq_name, null, null, null);
            update londiste.seq_info as s
               set last_value = v_publish
             where s.queue_name = i_queue_name
               and s.seq_name = r.seq_name;
        end if;
    end loop;

    ret_code := 100;
    ret_note := 'Sequences updated' || coalesce(v_missing, '');
end;
$$;

create or replace function londiste.root_check_seqs(
    in i_queue_name text,
    out ret_code integer,
    out ret_note text)
language sql
as $$
/*
 * londiste.root_check_seqs(1) - publish sequences, with the default distance.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns:
 *   as (2)
 * Calls:   londiste.root_check_seqs(2)
 */
    select f.ret_code, f.ret_note
      from londiste.root_check_seqs(i_queue_name, null) f;
$$;
