create or replace function londiste._follow_partitions(i_queue_name text)
returns table (table_name text, note_level text, note text)
language plpgsql
as $$
/*
 * londiste._follow_partitions(1) - replicate partitions that were created, attached or detached
 * since the last call.
 *
 * Internal. On a root, subscribers get events by which they have exactly the rows of the
 * partitioned tables again, whatever happened to the partitions meanwhile: they delete the rows
 * that a former partition was for, and get those of a new one. This is one transaction, in which
 * writers of new and of default partitions wait, and no others. On other nodes, only triggers are
 * created.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 * Returns: a row for each thing done
 *   table_name     global name of the table
 *   note_level     info; warning: an operator has to do something
 *   note           in words
 * Errors:
 *   lock_not_available   a table is in use; call it again
 * Calls:   londiste._refresh_capture, _partition_changes, _lock_partitioned_tables,
 *          _lock_changed_partitions, _partitioned_tables, _partitions, _partition_condition,
 *          _partition_key, _publish_rows, _remove_partition, _add_partition
 * Writes:  triggers, londiste.partition_info, events
 */
declare
    v_node_type text;
    r           record;
    d           record;
begin
    select n.node_type into v_node_type from pgq_node.node_info n where n.queue_name = i_queue_name;
    perform londiste._lock_partitioned_tables(i_queue_name);
    perform londiste._lock_changed_partitions(i_queue_name);

    -- A partition that has triggers and the bounds of one that is gone was renamed. Its functions
    -- have its name in each event.
    for r in
        with renamed as (
                select n.table_name, g.part_name as former, n.part_name as name
                  from londiste._partition_changes(i_queue_name) n
                  join londiste._partition_changes(i_queue_name) g
                    on g.table_name = n.table_name and g.part_bound = n.part_bound
                       and g.change = 'gone'
                 where n.change = 'new'
                   and londiste._has_triggers(i_queue_name, n.part)),
            former as (
                delete from londiste.partition_info k
                 using renamed x
                 where k.queue_name = i_queue_name
                   and k.table_name = x.table_name
                   and k.part_name = x.former
                returning k.*, x.name)
        insert into londiste.partition_info as k (
               queue_name, table_name, part_name, part_oid, part_bound, part_condition,
               has_triggers)
        select f.queue_name, f.table_name, f.name, f.part_oid, f.part_bound, f.part_condition,
               f.has_triggers
          from former f
         -- all are deleted before the first is inserted: two may have changed their names
         order by f.name
        returning k.part_oid
    loop
        perform londiste._refresh_capture(r.part_oid);
    end loop;

    -- Of all tables first: a partition may have become one of another table. A default partition
    -- may have rows now that one that is gone was for.
    for r in
        select c.*, f.relation
          from londiste._partition_changes(i_queue_name) c
          join londiste._partitioned_tables(i_queue_name) f on f.table_name = c.table_name
         where c.change = 'gone'
    loop
        select r.table_name, g.note_level, g.note
          into table_name, note_level, note
          from londiste._remove_partition(
                   i_queue_name, r.table_name, r.part, r.part_name, r.part_condition) g;
        return next;
        for d in
            select p.part
              from londiste._partitions(r.relation) p
              join londiste.partition_info k
                on k.queue_name = i_queue_name and k.table_name = r.table_name
                   and k.part_name = p.part_name and k.part_bound = p.part_bound
             where v_node_type = 'root'
               and r.part_condition is not null
               and p.part_bound ~ E'\\mDEFAULT\\M'
        loop
            perform londiste._publish_rows(
                i_queue_name, d.part, r.table_name,
                londiste._partition_key(i_queue_name, d.part), 'safe insert', r.part_condition);
        end loop;
    end loop;

    for r in
        select c.*, f.trigger_args
          from londiste._partition_changes(i_queue_name) c
          join londiste._partitioned_tables(i_queue_name) f on f.table_name = c.table_name
         where c.change = 'new'
    loop
        select r.table_name, a.note_level, a.note
          into table_name, note_level, note
          from londiste._add_partition(
                   i_queue_name, r.table_name, r.trigger_args, v_node_type, r.part, r.part_name,
                   r.part_bound) a;
        return next;
    end loop;

    for r in
        select * from londiste._partition_changes(i_queue_name) c where c.change = 'known'
    loop
        update londiste.partition_info as k
           set part_oid = r.part,
               part_condition = londiste._partition_condition(r.part)
         where k.queue_name = i_queue_name
           and k.table_name = r.table_name
           and k.part_name = r.part_name;
    end loop;
end;
$$;
