create or replace function londiste._remove_partition(
    in i_queue_name text,
    in i_table_name text,
    in i_part oid,
    in i_part_name text,
    in i_condition text,
    out note_level text,
    out note text)
language plpgsql
as $$
/*
 * londiste._remove_partition(5) - a partition of a replicated table is gone: on a root, subscribers
 * delete its rows.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full global name of the table
 *   i_part         its oid; it may be dropped, and its number may be that of another relation
 *   i_part_name    full name that it had
 *   i_condition    which rows it had; null: only this server can tell
 * Returns:
 *   note_level     info or warning
 *   note           what was done, in words
 * Calls:   londiste._row_tables, _drop_triggers, _partition_key, _publish_deletion, _publish_rows
 * Writes:  events, triggers of a table that exists still, londiste.partition_info
 */
declare
    v_part      constant oid := (
        select c.oid
          from pg_catalog.pg_class c
         where c.oid = i_part
           and londiste._has_triggers(i_queue_name, c.oid));
    v_key       text[];
    v_stays     boolean;
begin
    note_level := 'info';
    note := 'partition ' || i_part_name || ' is gone';
    v_stays := exists (
        select 1
          from londiste.table_info t
          cross join lateral londiste._row_tables(
              londiste._table_oid(coalesce(t.dest_table, t.table_name))) r (oid)
         where t.queue_name = i_queue_name
           and t.local
           and r.oid = v_part);
    if v_part is not null and not v_stays then
        v_key := londiste._partition_key(i_queue_name, v_part);
    end if;

    begin
        if not pgq_node.is_root_node(i_queue_name) then
            null;
        elsif i_condition is not null then
            perform londiste._publish_deletion(
                i_queue_name, i_table_name, i_condition, 'partition gone');
        elsif v_key is not null then
            perform londiste._publish_rows(
                i_queue_name, v_part, i_table_name, v_key, 'delete', null);
        else
            note_level := 'warning';
            note := note || '; its rows are left on subscribers, as only the hash of their keys'
                    || ' tells which ones they are: resync ' || i_table_name || ' there';
        end if;
        -- after its triggers were read for the hash of shards
        if v_part is not null and not v_stays then
            perform londiste._drop_triggers(i_queue_name, v_part);
        end if;
        delete from londiste.partition_info k
         where k.queue_name = i_queue_name
           and k.table_name = i_table_name
           and k.part_name = i_part_name;
    exception
        when lock_not_available or deadlock_detected then
            raise;
        when others then
            note_level := 'warning';
            note := 'former partition ' || i_part_name || ' still has its triggers: ' || sqlerrm;
    end;
end;
$$;
