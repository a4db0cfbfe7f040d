create or replace function pgq_coop.finish_batch(i_batch_id bigint)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_coop.finish_batch(1) - close a batch of a sub-consumer, which is idle afterwards.
 *
 * A batch of the main consumer is not closed: without its ticks it would lose its position.
 *
 * Parameters:
 *   i_batch_id   batch id, as given by pgq_coop.next_batch()
 * Returns:
 *   1  closed
 *   0  not open, or another sub-consumer has taken it over and closed it; a warning, not an error,
 *      so that the call may be repeated after a crash
 * Calls:   pgq_coop._is_subconsumer
 * Writes:  pgq.subscription (one row)
 */
begin
    update pgq.subscription s
        set sub_batch = null, sub_last_tick = null, sub_next_tick = null, sub_active = now()
        where s.sub_batch = i_batch_id
          and pgq_coop._is_subconsumer(s.sub_queue, s.sub_consumer);
    if not found then
        raise warning 'coop_finish_batch: batch % not found', i_batch_id;
        return 0;
    end if;
    return 1;
end;
$$;
