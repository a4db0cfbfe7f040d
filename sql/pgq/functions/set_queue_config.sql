create or replace function pgq.set_queue_config(
    x_queue_name text, x_param_name text, x_param_value text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.set_queue_config(3) - change one setting of a queue.
 *
 * Parameters:
 *   x_queue_name    queue
 *   x_param_name    column of pgq.queue without 'queue_': ticker_max_count, ticker_max_lag,
 *                   ticker_idle_period, ticker_paused, rotation_period, external_ticker
 *   x_param_value   new value, in the column type's text form
 * Returns:
 *   1
 * Errors:
 *   Invalid NULL value
 *   No such event queue
 *   cannot change parameter "...s" (the stray "s" is part of the message that clients know)
 * Writes:  pgq.queue (one row)
 */
begin
    if x_queue_name is null or x_param_name is null then
        raise exception 'Invalid NULL value';
    end if;
    perform 1 from pgq.queue q where q.queue_name = x_queue_name;
    if not found then
        raise exception 'No such event queue';
    end if;
    if x_param_name not in ('ticker_max_count', 'ticker_max_lag', 'ticker_idle_period',
            'ticker_paused', 'rotation_period', 'external_ticker') then
        -- the stray "s" is part of the message that clients know
        raise exception 'cannot change parameter "%s"', x_param_name
            using hint = 'one of ticker_max_count, ticker_max_lag, ticker_idle_period,'
                ' ticker_paused, rotation_period, external_ticker';
    end if;
    if x_param_value is null then
        raise exception 'Invalid NULL value'
            using hint = 'queue_' || x_param_name || ' needs a value';
    end if;
    execute format('update pgq.queue set %I = %L where queue_name = %L',
        'queue_' || x_param_name, x_param_value, x_queue_name);
    return 1;
end;
$$;
