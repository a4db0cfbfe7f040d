create or replace function pgq_node.set_partition_watermark(
    in i_combined_queue_name text,
    in i_part_queue_name text,
    in i_watermark bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_partition_watermark(3) - set the position of the local merge leaf of a part queue.
 *
 * The data of the part queue arrives through the combined queue, and the leaf's own worker only
 * follows. So the worker of the combined branch sets the leaf's position.
 *
 * Parameters:
 *   i_combined_queue_name   queue that the event came with
 *   i_part_queue_name       part queue of the leaf
 *   i_watermark             tick id of the part queue
 * Returns:
 *   200  moved
 *   201  no such leaf here, nothing done
 *   401  the leaf's worker is not registered
 * Writes:  pgq_node.local_state (one row)
 */
declare
    v_worker_name   text;
begin
    select n.worker_name
      into v_worker_name
      from pgq_node.node_info n
      join pgq_node.node_info c on c.queue_name = n.combined_queue
     where n.queue_name = i_part_queue_name
       and n.node_type = 'leaf'
       and n.combined_queue = i_combined_queue_name
       and c.node_type = 'branch';
    if not found then
        ret_code := 201;
        ret_note := 'Part-queue does not exist';
        return;
    end if;

    update pgq_node.local_state as s
       set last_tick_id = i_watermark
     where s.queue_name = i_part_queue_name
       and s.consumer_name = v_worker_name;
    if found then
        ret_code := 200;
        ret_note := 'Ok';
    else
        ret_code := 401;
        ret_note := 'Worker registration not found';
    end if;
end;
$$;
