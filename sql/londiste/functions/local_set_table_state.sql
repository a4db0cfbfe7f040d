create or replace function londiste.local_set_table_state(
    in i_queue_name text,
    in i_table_name text,
    in i_snapshot text,
    in i_merge_state text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_set_table_state(4) - store the state of the initial copy of a table.
 *
 * Deletes the faults of a table that starts over or is in sync, so callers record a fault after
 * they set the state. Faults of kinds reference and skipped stay when the state becomes ok. Deletes
 * the result of the last comparison and the dead letters of a table that starts over. A batch that
 * had begun before can add letters, so these and their fault are deleted when the copy begins, too.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table_name    table, schema public by default
 *   i_snapshot      provider's snapshot of the copy; null clears it
 *   i_merge_state   in-copy, catching-up, wanna-sync:TICK, do-sync:TICK, ok; null starts over
 * Returns:
 *   200  stored
 *   404  the table is not replicated here
 * Calls:   londiste.make_fqname
 * Writes:  londiste.table_info (one row), londiste.table_fault, londiste.compare_result,
 *          londiste.dead_letter (delete)
 */
declare
    v_table     constant text := londiste.make_fqname(i_table_name);
begin
    update londiste.table_info as t
       set custom_snapshot = i_snapshot,
           merge_state = i_merge_state
     where t.queue_name = i_queue_name
       and t.table_name = v_table
       and t.local;
    if not found then
        ret_code := 404;
        ret_note := 'No such table: ' || v_table;
        return;
    end if;

    if i_merge_state is null or i_merge_state = 'ok' then
        delete from londiste.table_fault f
         where f.queue_name = i_queue_name
           and f.table_name = v_table
           and (i_merge_state is null or f.kind not in ('reference', 'skipped'));
    end if;

    if i_merge_state is null then
        delete from londiste.compare_result c
         where c.queue_name = i_queue_name
           and c.table_name = v_table;
    end if;

    if i_merge_state = 'in-copy' then
        delete from londiste.table_fault f
         where f.queue_name = i_queue_name
           and f.table_name = v_table
           and f.kind = 'skipped';
    end if;

    if i_merge_state is null or i_merge_state = 'in-copy' then
        delete from londiste.dead_letter d
         where d.queue_name = i_queue_name
           and d.table_name = v_table;
    end if;

    ret_code := 200;
    ret_note := 'Table ' || v_table || ' state set to ' || quote_nullable(i_merge_state);
end;
$$;
