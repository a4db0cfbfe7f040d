create or replace function pgq_node.set_consumer_completed(
    in i_queue_name text,
    in i_consumer_name text,
    in i_tick_id bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_consumer_completed(3) - store the position of a consumer, with the data it applied.
 *
 * The caller runs it in the transaction that applies the batch.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer
 *   i_tick_id         end of the batch that is applied
 * Returns:
 *   100  stored; a stored error is cleared
 *   404  not registered
 * Writes:  pgq_node.local_state (one row)
 */
begin
    update pgq_node.local_state as s
       set last_tick_id = i_tick_id,
           cur_error = null
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;
    if found then
        ret_code := 100;
        ret_note := 'Consumer ' || i_consumer_name || ' completed tick = ' || i_tick_id;
    else
        ret_code := 404;
        ret_note := 'Consumer not known: ' || i_queue_name || '/' || i_consumer_name;
    end if;
end;
$$;
