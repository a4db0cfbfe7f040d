create or replace function pgq.event_retry(
    x_batch_id bigint, x_event_id bigint, x_retry_time timestamptz)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.event_retry(3) - schedule an event of the open batch for redelivery at a given time.
 *
 * Parameters:
 *   x_batch_id     open batch
 *   x_event_id     event of that batch
 *   x_retry_time   when to put it back on the queue
 * Returns:
 *   1  scheduled
 *   0  was scheduled already
 * Errors:
 *   event not found (also if the batch is not open)
 * Calls:   pgq.batch_event_sql
 * Writes:  pgq.retry_queue (one row)
 */
declare
    v_sub record;
    v_ev record;
begin
    select s.sub_id, s.sub_queue into v_sub from pgq.subscription s where s.sub_batch = x_batch_id;
    if not found then
        raise exception 'event not found'
            using detail = format('Batch %s is not open.', coalesce(x_batch_id::text, '<NULL>'));
    end if;
    execute 'select * from (' || regexp_replace(pgq.batch_event_sql(x_batch_id), ' order by 1$', '')
        || ') ev where ev_id = $1 limit 1'
        into v_ev
        using x_event_id;
    if v_ev.ev_id is null then
        raise exception 'event not found'
            using detail = format('Batch: %s, event: %s', x_batch_id, x_event_id);
    end if;

    insert into pgq.retry_queue (ev_retry_after, ev_queue, ev_id, ev_time, ev_txid, ev_owner,
            ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
        values (x_retry_time, v_sub.sub_queue, v_ev.ev_id, v_ev.ev_time, null, v_sub.sub_id,
            coalesce(v_ev.ev_retry, 0) + 1, v_ev.ev_type, v_ev.ev_data,
            v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4)
        on conflict (ev_owner, ev_id) do nothing;
    return case when found then 1 else 0 end;
end;
$$;

create or replace function pgq.event_retry(
    x_batch_id bigint, x_event_id bigint, x_retry_seconds integer)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.event_retry(3) - schedule an event of the open batch for redelivery after some seconds.
 *
 * Parameters:
 *   x_batch_id        open batch
 *   x_event_id        event of that batch
 *   x_retry_seconds   delay in seconds
 * Returns:
 *   1  scheduled
 *   0  was scheduled already
 * Errors:
 *   event not found (also if the batch is not open)
 * Calls:   pgq.event_retry(3)
 */
begin
    return pgq.event_retry(x_batch_id, x_event_id, now() + x_retry_seconds * interval '1 second');
end;
$$;
