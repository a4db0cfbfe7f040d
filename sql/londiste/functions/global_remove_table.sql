create or replace function londiste.global_remove_table(
    in i_queue_name text,
    in i_table_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.global_remove_table(2) - remove a table from the tables this node knows.
 *
 * Does not call local_remove_table on the root: there local_remove_table calls this function.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   table, schema public by default
 * Returns:
 *   200  removed
 *   400  unknown
 * Errors:
 *   queue does not exist (no local node)
 * Calls:   londiste.make_fqname, pgq_node.is_root_node, londiste.local_remove_table
 * Writes:  londiste.table_info (one row)
 */
declare
    v_full_name text := londiste.make_fqname(i_table_name);
begin
    if not pgq_node.is_root_node(i_queue_name) then
        perform londiste.local_remove_table(i_queue_name, v_full_name);
    end if;

    delete from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_full_name;
    if found then
        ret_code := 200;
        ret_note := 'Table removed: ' || i_table_name;
    else
        ret_code := 400;
        ret_note := 'Table not found: ' || v_full_name;
    end if;
end;
$$;
