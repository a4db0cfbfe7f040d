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
 * londiste.execute_start(5) - begin to run a DDL script here.
 *
 * Script and execute_finish belong into the same transaction.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_file_name     name of the script; a name is run only once, whatever queue it comes through
 *   i_sql           the script
 *   i_expect_root   true: refuse on other nodes than the root
 *   i_attrs         urlencoded conditions of the script
 * Returns:
 *   200  run it
 *   201  was run, skip it
 *   401  not the root
 * Calls:   londiste._capture_pause
 * Writes:  londiste.applied_execute (one row)
 */
begin
    if not pgq_node.is_root_node(i_queue_name) and i_expect_root then
        ret_code := 401;
        ret_note := 'Node is not root node: ' || i_queue_name;
        return;
    end if;

    -- waits for a concurrent run of the same script
    insert into londiste.applied_execute (queue_name, execute_file, execute_sql, execute_attrs)
    values (i_queue_name, i_file_name, i_sql, i_attrs)
        on conflict do nothing;
    if not found then
        ret_code := 201;
        ret_note := 'EXECUTE: "' || i_file_name || '" already applied, skipping';
        return;
    end if;

    perform londiste._capture_pause(i_queue_name, i_sql);

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
/* londiste.execute_start(4) - as (5), without conditions. */
    select f.ret_code, f.ret_note
      from londiste.execute_start(i_queue_name, i_file_name, i_sql, i_expect_root, null) f;
$$;
