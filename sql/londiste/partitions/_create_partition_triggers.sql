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
 * table. The first call takes all partitions that are there; later calls leave those that are new
 * to londiste._follow_partitions, which sends their rows.
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
 * Calls:   londiste._partitions, _partition_condition, _has_triggers, create_trigger
 * Writes:  triggers, londiste.partitioned_table, londiste.partition_info
 */
declare
    v_note      text := 'OK';
    r           record;
begin
    update londiste.partitioned_table p
       set trigger_args = coalesce(i_trg_args, '{}')
     where p.queue_name = i_queue_name
       and p.table_name = i_table_name;
    if not found then
        insert into londiste.partitioned_table (queue_name, table_name, trigger_args)
        values (i_queue_name, i_table_name, coalesce(i_trg_args, '{}'));
        insert into londiste.partition_info (
            queue_name, table_name, part_name, part_oid, part_bound, part_condition,
            has_triggers)
        select i_queue_name, i_table_name, p.part_name, p.part, p.part_bound,
               londiste._partition_condition(p.part), false
          from londiste._partitions(i_table) p;
    end if;

    for r in
        select p.part, p.part_name
          from londiste._partitions(i_table) p
          join londiste.partition_info k
            on k.queue_name = i_queue_name and k.table_name = i_table_name
               and k.part_name = p.part_name and k.part_bound = p.part_bound
               and k.part_oid = p.part
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
        update londiste.partition_info k
           set has_triggers = londiste._has_triggers(i_queue_name, r.part)
         where k.queue_name = i_queue_name
           and k.table_name = i_table_name
           and k.part_name = r.part_name;
    end loop;
    ret_code := 200;
    ret_note := v_note;
end;
$$;
