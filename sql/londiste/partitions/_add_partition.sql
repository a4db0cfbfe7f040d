create or replace function londiste._add_partition(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_node_type text,
    in i_part oid,
    in i_part_name text,
    in i_part_bound text,
    out note_level text,
    out note text)
language plpgsql
as $$
/*
 * londiste._add_partition(7) - a replicated table has a new partition: its changes are captured,
 * and on a root subscribers get its rows.
 *
 * Internal. If it cannot be captured, nothing is done, and the next call tries again.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full global name of the table
 *   i_trg_args     options of londiste.create_trigger
 *   i_node_type    root, branch or leaf
 *   i_part, i_part_name, i_part_bound   the partition, see londiste._partitions
 * Returns:
 *   note_level     info or warning
 *   note           what was done, or what is in the way
 * Calls:   londiste.create_trigger, _partition_condition, _partition_key, _publish_rows
 * Writes:  events, triggers, londiste.partition_info
 */
declare
    v_rows      bigint := 0;
    f           record;
begin
    begin
        -- before the triggers: the rows that are there must not change until they have events
        execute 'lock table only ' || londiste.quote_fqname(i_part_name)
                || ' in share row exclusive mode';
        select c.ret_code, c.ret_note
          into f
          from londiste.create_trigger(
                   i_queue_name, i_table_name, i_trg_args, i_part_name, i_node_type) c;
        if f.ret_code >= 300 then
            raise exception '%', f.ret_note;
        end if;
        if i_node_type = 'root' and f.ret_code = 200 then
            v_rows := londiste._publish_rows(
                i_queue_name, i_part, i_table_name,
                londiste._partition_key(i_queue_name, i_part), 'safe insert', null);
        end if;
        delete from londiste.partition_info k
         where k.queue_name = i_queue_name
           and k.table_name = i_table_name
           and k.part_name = i_part_name;
        insert into londiste.partition_info (
            queue_name, table_name, part_name, part_oid, part_bound, part_condition,
            has_triggers)
        values (
            i_queue_name, i_table_name, i_part_name, i_part, i_part_bound,
            londiste._partition_condition(i_part), londiste._has_triggers(i_queue_name, i_part));
        note_level := 'info';
        note := 'partition ' || i_part_name || ' is new'
                || case when v_rows > 0 then ', its ' || v_rows || ' rows are sent'
                        else '' end;
    exception
        when lock_not_available or deadlock_detected then
            raise;
        when others then
            note_level := 'warning';
            note := 'partition ' || i_part_name || ' is not replicated: ' || sqlerrm;
    end;
end;
$$;
