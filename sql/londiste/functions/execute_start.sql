create or replace function londiste.execute_start(
    in i_queue_name text,
    in i_file_name text,
    in i_sql text,
    in i_expect_root boolean,
    in i_attrs text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.execute_start(5) - begin to run a DDL script on this node.
 *
 * Script and execute_finish must run in the same transaction.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_file_name     name of the script; a name runs only once, even if it comes through two queues
 *   i_sql           the script
 *   i_expect_root   true: only the root may run it
 *   i_attrs         urlencoded conditions of the script
 * Returns:
 *   200  run it
 *   201  was run already, skip it
 *   401  not the root
 * Errors:
 *   queue does not exist (no local node)
 * Calls:   pgq_node.is_root_node, londiste._capture_pause
 * Writes:  londiste.applied_execute (one row)
 */
begin
    if not pgq_node.is_root_node(i_queue_name) and i_expect_root then
        ret_code := 401;
        ret_note := 'Node is not root node: ' || i_queue_name;
        return;
    end if;

    -- Waits for a concurrent run of the same script.
    insert into londiste.applied_execute (queue_name, execute_file, execute_sql, execute_attrs)
    values (i_queue_name, i_file_name, i_sql, i_attrs)
        on conflict do nothing;
    if not found then
        ret_code := 201;
        ret_note := 'EXECUTE: "' || i_file_name || '" already applied, skipping';
        return;
    end if;

    -- A table may be in several queues: a merge leaf has it in its own and in the combined one.
    perform londiste._capture_pause(n.queue_name, i_sql) from pgq_node.node_info n;

    ret_code := 200;
    ret_note := 'Executing: ' || i_file_name;
end;
$$;

create or replace function londiste.execute_start(
    in i_queue_name text,
    in i_file_name text,
    in i_sql text,
    in i_expect_root boolean,
    out ret_code integer,
    out ret_note text)
language sql
as $$
/*
 * londiste.execute_start(4) - begin to run a DDL script without conditions on this node.
 *
 * Parameters:
 *   i_queue_name, i_file_name, i_sql, i_expect_root   as in (5)
 * Returns:
 *   as (5)
 * Calls:   londiste.execute_start(5)
 */
    select f.ret_code, f.ret_note
      from londiste.execute_start(i_queue_name, i_file_name, i_sql, i_expect_root, null) f;
$$;
