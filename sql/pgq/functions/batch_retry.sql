create or replace function pgq.batch_retry(i_batch_id bigint, i_retry_seconds integer)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.batch_retry(2) - schedule all events of the open batch for redelivery.
 *
 * Parameters:
 *   i_batch_id        open batch
 *   i_retry_seconds   delay in seconds
 * Returns:
 *   number of events scheduled; events that were scheduled before do not count
 * Errors:
 *   batch_retry: batch not found
 * Calls:   pgq.batch_event_sql
 * Writes:  pgq.retry_queue
 */
declare
    v_sub record;
    v_count integer;
begin
    select s.sub_id, s.sub_queue into v_sub from pgq.subscription s where s.sub_batch = i_batch_id;
    if not found then
        raise exception 'batch_retry: batch % not found', i_batch_id;
    end if;
    execute 'insert into pgq.retry_queue (ev_retry_after, ev_queue, ev_id, ev_time, ev_txid,'
        ' ev_owner, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)'
        ' select $1, $2, ev_id, ev_time, null, $3, coalesce(ev_retry, 0) + 1,'
        ' ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4'
        ' from (' || pgq.batch_event_sql(i_batch_id) || ') ev'
        -- do not wait for a row that exists, or that a concurrent transaction moves back
        ' where not exists ('
            'select 1 from pgq.retry_queue r where r.ev_owner = $3 and r.ev_id = ev.ev_id)'
        ' on conflict (ev_owner, ev_id) do nothing'
        using now() + i_retry_seconds * interval '1 second', v_sub.sub_queue, v_sub.sub_id;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;
