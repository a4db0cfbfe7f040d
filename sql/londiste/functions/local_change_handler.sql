create or replace function londiste.local_change_handler(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_table_attrs text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_change_handler(4) - change attributes and trigger options of a local table.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table_name    global name of the table, schema public by default
 *   i_trg_args      as for londiste.create_trigger
 *   i_table_attrs   urlencoded dictionary for the worker
 * Returns:
 *   200  changed
 *   400  no node of this queue here
 *   404  the table is not replicated here
 *   4xx  as londiste.create_trigger
 * Calls:   londiste.make_fqname, londiste.local_set_table_attrs, londiste.create_trigger
 */
declare
    v_table     constant text := londiste.make_fqname(i_table_name);
    v_dest      text;
    v_desc      text := v_table;
    v_node_type text;
begin
    select n.node_type
      into v_node_type
      from pgq_node.node_info n
     where n.queue_name = i_queue_name;
    if not found then
        ret_code := 400;
        ret_note := 'No such set: ' || i_queue_name;
        return;
    end if;

    select coalesce(t.dest_table, t.table_name)
      into v_dest
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_table;
    if v_dest <> v_table then
        v_desc := v_table || '(' || v_dest || ')';
    end if;

    select f.ret_code, f.ret_note
      into ret_code, ret_note
      from londiste.local_set_table_attrs(i_queue_name, v_table, i_table_attrs) f;
    if ret_code <> 200 then
        return;
    end if;

    select f.ret_code, f.ret_note
      into ret_code, ret_note
      from londiste.create_trigger(i_queue_name, v_table, i_trg_args, v_dest, v_node_type) f;
    if ret_code > 299 then
        ret_note := 'Trigger creation failed for table ' || v_desc || ': ' || ret_note;
    elsif ret_code = 201 then
        ret_code := 200;
        ret_note := 'Table handler updated with no triggers: ' || v_desc;
    else
        ret_code := 200;
        ret_note := 'Handler changed for table: ' || v_desc
                    || coalesce(' (' || substring(ret_note from '^OK, (.*)') || ')', '');
    end if;
end;
$$;
