create or replace function londiste.drop_table_triggers(i_queue_name text, i_table_name text)
returns void
language plpgsql
strict
as $$
/*
 * londiste.drop_table_triggers(2) - drop the triggers between a table and a queue, by any name.
 *
 * Also runs when rows of table_info are deleted by cascade, so table, queue or schema pgq may be
 * missing.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table, in schema public if it has none
 * Calls:   londiste._row_tables, _drop_triggers, _drop_capture_triggers
 * Writes:  triggers of the local table or its partitions, londiste.partitioned_table
 */
declare
    v_table     constant text := londiste.make_fqname(i_table_name);
    v_dest      text;
begin
    select coalesce(t.dest_table, t.table_name)
      into v_dest
      from londiste.table_info t
     where t.queue_name = i_queue_name
       and t.table_name = v_table;
    if not found then
        return;
    end if;

    perform londiste._drop_triggers(i_queue_name, r.oid)
       from londiste._row_tables(londiste._table_oid(v_dest)) r (oid);
    -- children that create_partition has created, unless they are registered themselves
    perform londiste._drop_capture_triggers(i_queue_name, i.inhrelid)
       from pg_catalog.pg_inherits i
      where i.inhparent = londiste.find_table_oid(v_dest)
        and not exists (
                select 1
                  from londiste.table_info t
                 where t.queue_name = i_queue_name
                   and londiste.find_table_oid(coalesce(t.dest_table, t.table_name)) = i.inhrelid);
    -- partitions that are detached
    perform londiste._drop_triggers(i_queue_name, k.part_oid)
       from londiste.partition_info k
      where k.queue_name = i_queue_name
        and k.table_name = v_table
        and londiste._has_triggers(i_queue_name, k.part_oid);
    delete from londiste.partitioned_table p
     where p.queue_name = i_queue_name
       and p.table_name = v_table;
end;
$$;
