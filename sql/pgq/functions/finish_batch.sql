create or replace function pgq.finish_batch(x_batch_id bigint)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.finish_batch(1) - close a batch; its consumer advances to the batch's last tick.
 *
 * Parameters:
 *   x_batch_id   batch id, as given by pgq.next_batch()
 * Returns:
 *   1  closed
 *   0  not open; a warning, not an error, so that a worker may repeat the call after a crash
 * Writes:  pgq.subscription (one row)
 */
begin
    update pgq.subscription s
        set sub_last_tick = s.sub_next_tick, sub_batch = null, sub_next_tick = null,
            sub_active = now()
        where s.sub_batch = x_batch_id;
    if not found then
        raise warning 'finish_batch: batch % not found', x_batch_id;
        return 0;
    end if;
    return 1;
end;
$$;
