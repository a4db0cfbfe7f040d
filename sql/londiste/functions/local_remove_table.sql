create or replace function londiste.local_remove_table(
    in i_queue_name text,
    in i_table_name text,
    out ret_code integer,
    out ret_note text)
language plpgsql
strict
as $$
/*
 * londiste.local_remove_table(2) - stop replicating a table; on a root remove it completely.
 *
 * The rows of the table stay, unless its copy is not complete: then it is truncated, and the
 * structure that the copy had dropped is restored. A table to which other queues are being copied
 * keeps its rows, and they restore the structure.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table, schema public by default
 * Returns:
 *   200  removed
 *   400  unknown, or not replicated here (and not a root)
 * Errors:
 *   queue does not exist (no local node)
 * Calls:   londiste.make_fqname, pgq_node.is_root_node, londiste.drop_table_triggers,
 *          londiste._release_dropped_ddl, londiste._table_oid, londiste.local_remove_seq,
 *          londiste.global_remove_table, londiste.root_notify_change
 * Writes:  londiste.table_info (one row), londiste.table_fault, londiste.compare_result,
 *          londiste.dead_letter (delete)
 */
declare
    v_table     constant text := londiste.make_fqname(i_table_name);
    v_dest      text;
    v_is_root   boolean;
    r           record;
    s           record;
begin
    select t.*
      into r
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_table
       for update;
    if not found then
        ret_code := 400;
        ret_note := 'Table not found: ' || v_table;
        return;
    end if;
    v_dest := coalesce(r.dest_table, r.table_name);
    v_is_root := pgq_node.is_root_node(i_queue_name);

    if r.local then
        perform londiste.drop_table_triggers(i_queue_name, v_table);

        perform londiste._release_dropped_ddl(i_queue_name, v_table, true);

        update londiste.table_info as t
           set local = false,
               custom_snapshot = null,
               table_attrs = null,
               dropped_ddl = null,
               merge_state = null,
               dest_table = null
         where t.queue_name = i_queue_name
           and t.table_name = v_table;

        delete from londiste.table_fault f
         where f.queue_name = i_queue_name
           and f.table_name = v_table;

        delete from londiste.compare_result c
         where c.queue_name = i_queue_name
           and c.table_name = v_table;

        delete from londiste.dead_letter d
         where d.queue_name = i_queue_name
           and d.table_name = v_table;

        -- sequences of serial (deptype a) and identity (i) columns were added with the table
        for s in
            select i.seq_name
              from pg_catalog.pg_depend d
              join pg_catalog.pg_class c on c.oid = d.objid and c.relkind = 'S'
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join londiste.seq_info i on i.seq_name = n.nspname || '.' || c.relname
             where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
               and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
               and d.refobjid = londiste._table_oid(v_dest)
               and d.refobjsubid > 0
               and d.deptype in ('a', 'i')
               and i.queue_name = i_queue_name
               and i.local
             order by i.nr
        loop
            perform londiste.local_remove_seq(i_queue_name, s.seq_name);
        end loop;
    elsif not v_is_root then
        ret_code := 400;
        ret_note := 'Table not registered locally: ' || v_table;
        return;
    end if;

    if v_is_root then
        perform londiste.global_remove_table(i_queue_name, v_table);
        perform londiste.root_notify_change(i_queue_name, 'londiste.remove-table', v_table);
    end if;

    ret_code := 200;
    ret_note := 'Table removed: ' || v_table;
end;
$$;
