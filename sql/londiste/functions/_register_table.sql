create or replace function londiste._register_table(
    in i_queue_name text,
    in i_table_name text,
    in i_description text,
    in i_table_attrs text,
    in i_node_type text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste._register_table(5) - lock a table's row in table_info; on a root, create it first.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table_name    full global name of the table
 *   i_description   what the note calls the table
 *   i_table_attrs   attributes that the table is to have
 *   i_node_type     root, branch or leaf
 * Returns:
 *   null  locked; the table is not replicated here yet
 *   200   the table was added before
 *   404   the table is unknown to the queue
 *   410   the table was added before, with other attributes
 *   4xx   as londiste.global_add_table
 * Calls:   londiste.global_add_table
 * Writes:  londiste.table_info
 */
declare
    v_local     boolean;
    v_attrs     text;
begin
    select t.local, t.table_attrs
      into v_local, v_attrs
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = i_table_name
       for update;
    if not found and i_node_type <> 'root' then
        ret_code := 404;
        ret_note := 'Table not available on queue: ' || i_description;
    elsif not found then
        select nullif(f.ret_code, 200), f.ret_note
          into ret_code, ret_note
          from londiste.global_add_table(i_queue_name, i_table_name) f;
    elsif v_local and i_table_attrs is distinct from v_attrs then
        ret_code := 410;
        ret_note := 'Table ' || i_description || ' already added, but with different args: '
                    || coalesce(v_attrs, '');
    elsif v_local then
        ret_code := 200;
        ret_note := 'Table already added: ' || i_description;
    end if;
end;
$$;
