create or replace function pgq.register_consumer(x_queue_name text, x_consumer_id text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.register_consumer(2) - subscribe a consumer, starting at the newest tick.
 *
 * Parameters:
 *   x_queue_name    queue
 *   x_consumer_id   consumer
 * Returns:
 *   1  subscribed
 *   0  was subscribed already
 * Errors:
 *   as pgq.register_consumer_at
 * Calls:   pgq.register_consumer_at
 */
begin
    return pgq.register_consumer_at(x_queue_name, x_consumer_id, null);
end;
$$;
