create or replace function londiste.local_set_table_attrs(
    in i_queue_name text,
    in i_table_name text,
    in i_table_attrs text,
    out ret_code integer,
    out ret_note text)
language plpgsql
as $$
/*
 * londiste.local_set_table_attrs(3) - store the attributes of a replicated table.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table_name    full name of the table, as stored
 *   i_table_attrs   urlencoded dictionary
 * Returns:
 *   200  stored
 *   404  the table is not replicated here
 * Writes:  londiste.table_info (one row)
 */
begin
    update londiste.table_info as t
       set table_attrs = i_table_attrs
     where t.queue_name = i_queue_name
       and t.table_name = i_table_name
       and t.local;
    if found then
        ret_code := 200;
        ret_note := i_table_name || ': Table attributes stored';
    else
        ret_code := 404;
        ret_note := 'no such local table: ' || i_table_name;
    end if;
end;
$$;
