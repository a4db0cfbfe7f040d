create or replace function londiste.get_table_list(
    in i_queue_name text,
    out table_name text,
    out local boolean,
    out merge_state text,
    out custom_snapshot text,
    out table_attrs text,
    out dropped_ddl text,
    out copy_role text,
    out copy_pos integer,
    out dest_table text)
returns setof record
language plpgsql
strict stable
as $$
/*
 * londiste.get_table_list(1) - list the tables that a queue knows.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns:
 *   one row per table, in the order they were added; copy_role and copy_pos as in _coordinate_copy
 *   for tables that are being copied; dest_table is null if the local name is the same
 * Calls:   londiste._coordinate_copy
 */
declare
    r   record;
begin
    for r in
        select t.*
          from londiste.table_info t
         where t.queue_name = i_queue_name
         order by t.nr, t.table_name
    loop
        table_name := r.table_name;
        local := r.local;
        merge_state := r.merge_state;
        custom_snapshot := r.custom_snapshot;
        table_attrs := r.table_attrs;
        dropped_ddl := r.dropped_ddl;
        dest_table := nullif(r.dest_table, r.table_name);
        copy_role := null;
        copy_pos := 0;
        if r.merge_state in ('in-copy', 'catching-up') then
            select f.copy_role, f.copy_pos
              into copy_role, copy_pos
              from londiste._coordinate_copy(i_queue_name, r.table_name) f;
        end if;
        return next;
    end loop;
end;
$$;
