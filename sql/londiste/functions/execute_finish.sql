create or replace function londiste.execute_finish(
    in i_queue_name text,
    in i_file_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.execute_finish(2) - finish a DDL script; a root sends it to the other nodes.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_file_name    name of the script
 * Returns:
 *   200  finished
 *   404  execute_start was not called
 * Errors:
 *   queue does not exist (no local node)
 * Calls:   pgq_node.is_root_node, pgq.insert_event(7), londiste._capture_resume
 */
declare
    v_sql   text;
    v_attrs text;
    v_root  constant boolean := pgq_node.is_root_node(i_queue_name);
begin
    select x.execute_sql, x.execute_attrs
      into v_sql, v_attrs
      from londiste.applied_execute x
     where x.execute_file = i_file_name;
    if not found then
        ret_code := 404;
        ret_note := 'execute_file called without execute_start';
        return;
    end if;

    if v_root then
        perform pgq.insert_event(i_queue_name, 'EXECUTE', v_sql, i_file_name, v_attrs, null, null);
    end if;

    perform londiste._capture_resume(n.queue_name) from pgq_node.node_info n;

    ret_code := 200;
    ret_note := 'Execute finished: ' || i_file_name;
end;
$$;
