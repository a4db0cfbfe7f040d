create or replace function londiste.global_add_table(
    in i_queue_name text,
    in i_table_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.global_add_table(2) - add a table to the tables this node knows; not replicated yet.
 *
 * On a merge leaf, the combined queue gets the table as well.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   table, schema public by default
 * Returns:
 *   200  known now, or was known
 *   400  no node of this queue here
 * Calls:   londiste.make_fqname, londiste.global_add_table
 * Writes:  londiste.table_info (one row)
 */
declare
    v_full_name         text := londiste.make_fqname(i_table_name);
    v_combined_queue    text;
begin
    select n.combined_queue
      into v_combined_queue
      from pgq_node.node_info n
     where n.queue_name = i_queue_name
       for update;
    if not found then
        ret_code := 400;
        ret_note := 'No such queue: ' || i_queue_name;
        return;
    end if;

    -- Waits for a concurrent insert of the table, which then counts as added already.
    insert into londiste.table_info (queue_name, table_name)
    select i_queue_name, v_full_name
     where not exists (
               select 1 from londiste.table_info t
                where t.queue_name = i_queue_name and t.table_name = v_full_name)
        on conflict do nothing;
    if not found then
        ret_code := 200;
        ret_note := 'Table already added: ' || v_full_name;
        return;
    end if;

    if v_combined_queue is not null then
        perform londiste.global_add_table(v_combined_queue, i_table_name);
    end if;

    ret_code := 200;
    ret_note := 'Table added: ' || i_table_name;
end;
$$;
