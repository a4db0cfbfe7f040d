create or replace function londiste._partition_truncated(
    i_queue_name text, i_part oid, i_table_name text)
returns void
language plpgsql
as $$
/*
 * londiste._partition_truncated(3) - write the events for a partition that is being truncated.
 *
 * Internal; capture functions call it, before the rows are gone. Subscribers may be partitioned in
 * another way, so they delete the rows that the partition is for. Where only this server knows
 * which ones these are, each row has an event.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_part         the partition
 *   i_table_name   name of its table on all nodes
 * Errors:
 *   as pgq.insert_event
 * Calls:   londiste._is_partition_of, _partition_condition, _publish_deletion, _publish_rows,
 *          _partition_key
 */
declare
    v_condition constant text := londiste._partition_condition(i_part);
begin
    -- Of a detached table, the rows that subscribers have are deleted by _remove_partition.
    if not londiste._is_partition_of(i_queue_name, i_table_name, i_part) then
        return;
    end if;
    if v_condition is null then
        perform londiste._publish_rows(
            i_queue_name, i_part, i_table_name, londiste._partition_key(i_queue_name, i_part),
            'delete', null);
    else
        perform londiste._publish_deletion(
            i_queue_name, i_table_name, v_condition, 'partition truncated');
    end if;
end;
$$;
