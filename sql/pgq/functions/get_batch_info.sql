create or replace function pgq.get_batch_info(
    in x_batch_id bigint,
    out queue_name text, out consumer_name text,
    out batch_start timestamptz, out batch_end timestamptz,
    out prev_tick_id bigint, out tick_id bigint, out lag interval,
    out seq_start bigint, out seq_end bigint)
returns record
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.get_batch_info(1) - return queue, consumer and the two ticks of a batch.
 *
 * Parameters:
 *   x_batch_id   open batch
 * Returns:
 *   one row; all nulls if the batch is not open
 */
begin
    select q.queue_name, c.co_name, l.tick_time, n.tick_time,
           s.sub_last_tick, s.sub_next_tick, now() - n.tick_time,
           l.tick_event_seq, n.tick_event_seq
        into queue_name, consumer_name, batch_start, batch_end,
             prev_tick_id, tick_id, lag, seq_start, seq_end
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        left join pgq.tick l on l.tick_queue = s.sub_queue and l.tick_id = s.sub_last_tick
        left join pgq.tick n on n.tick_queue = s.sub_queue and n.tick_id = s.sub_next_tick
        where s.sub_batch = x_batch_id;
end;
$$;
