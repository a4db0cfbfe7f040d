create or replace function londiste._create_partition_triggers(
    in i_queue_name text,
    in i_table_name text,
    in i_trg_args text[],
    in i_table oid,
    in i_node_type text,
    out ret_code integer,
    out ret_note text,
    out trigger_name text)
language plpgsql
as $$
/*
 * londiste._create_partition_triggers(5) - connect the partitions of a table to its queue.
 *
 * Internal. Each partition has triggers of its own, whose events have the name of the partitioned
 * table.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   full global name of the table
 *   i_trg_args     as londiste.create_trigger
 *   i_table        the local partitioned table
 *   i_node_type    root, branch or leaf
 * Returns:
 *   200  created
 *   201, 4xx   as londiste.create_trigger, for the first partition that gives it
 *   trigger_name   of one of the partitions; null if there are none
 * Calls:   londiste._partitions, _partition_condition, create_trigger
 * Writes:  triggers, londiste.partitioned_table, londiste.partition_info
 */
declare
    v_note      text := 'OK';
    r           record;
begin
    delete from londiste.partitioned_table p
     where p.queue_name = i_queue_name
       and p.table_name = i_table_name;
    insert into londiste.partitioned_table (queue_name, table_name, trigger_args)
    values (i_queue_name, i_table_name, coalesce(i_trg_args, '{}'));
    for r in
        select * from londiste._partitions(i_table)
    loop
        select f.ret_code, f.ret_note, f.trigger_name
          into ret_code, ret_note, trigger_name
          from londiste.create_trigger(
                   i_queue_name, i_table_name, i_trg_args, r.part_name, i_node_type) f;
        if ret_code >= 300 then
            ret_note := ret_note || ' (partition ' || r.part_name || ')';
        end if;
        if ret_code > 200 then
            return;
        end if;
        v_note := greatest(v_note, ret_note);
        insert into londiste.partition_info (
            queue_name, table_name, part_name, part_oid, part_bound, part_condition,
            has_triggers)
        values (
            i_queue_name, i_table_name, r.part_name, r.part, r.part_bound,
            londiste._partition_condition(r.part), londiste._has_triggers(i_queue_name, r.part));
    end loop;
    ret_code := 200;
    ret_note := v_note;
end;
$$;
