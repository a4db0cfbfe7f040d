create or replace function londiste._coordinate_copy(
    in i_queue_name text,
    in i_table_name text,
    out copy_role text,
    out copy_pos integer)
language plpgsql
strict stable
as $$
/*
 * londiste._coordinate_copy(2) - return the role of one copy among the copies of a table.
 *
 * If part queues are merged into one local table, their copies run in parallel. One of them leads:
 * it drops indexes and constraints first, and restores them when all parts have been copied.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full name of the table
 * Returns:
 *   copy_role   lead          drop the table's structure, then copy
 *               wait-copy     wait until the leader has dropped it
 *               wait-replay   copy, but do not replay before the structure is restored
 *               null          no need to wait
 *   copy_pos    number of copies before this one; null for a table that the queue does not know
 */
declare
    v_state         text;
    v_ddl           text;
    v_dest          text;
    v_combined      text;
    v_parts         integer;
    v_done          integer;
    v_first         text;
    v_first_ddl     text;
    v_leader        text;
begin
    select t.merge_state, t.dropped_ddl, coalesce(t.dest_table, t.table_name), n.combined_queue
      into v_state, v_ddl, v_dest, v_combined
      from londiste.table_info t
      join pgq_node.node_info n on n.queue_name = t.queue_name
     where t.queue_name = i_queue_name
       and t.table_name = i_table_name;
    if not found then
        return;
    end if;

    select count(case when t.local then 1 end),
           count(case when t.local and t.merge_state <> 'in-copy' then 1 end),
           min(case when t.local then t.queue_name end),
           min(case when t.local and t.dropped_ddl is not null then t.queue_name end),
           count(case when t.queue_name < i_queue_name
                           and t.merge_state = 'in-copy' and v_state = 'in-copy'
                      then 1 end)
      into v_parts, v_done, v_first, v_first_ddl, copy_pos
      from londiste.table_info t
      join pgq_node.node_info n on n.queue_name = t.queue_name
     where coalesce(t.dest_table, t.table_name) = v_dest
       and n.combined_queue is not distinct from v_combined
       and (t.merge_state is null or t.merge_state <> 'ok');

    v_leader := case when v_parts > 1 then coalesce(v_first_ddl, v_first) end;
    if v_leader is null then
        return;
    end if;

    if v_leader = i_queue_name then
        if v_state = 'in-copy' then
            copy_pos := 0;
            if v_ddl is null and v_done > 0 then
                copy_role := 'wait-replay';
            elsif v_done < v_parts then
                copy_role := 'lead';
            end if;
        elsif v_state = 'catching-up' and v_ddl is not null and v_done < v_parts then
            copy_role := 'wait-replay';
        end if;
    elsif v_state = 'in-copy' then
        copy_role := case when v_first_ddl is not null or v_done > 0 then 'wait-replay'
                          else 'wait-copy' end;
    elsif v_state = 'catching-up' and v_first_ddl is not null then
        copy_role := 'wait-replay';
    end if;
end;
$$;
