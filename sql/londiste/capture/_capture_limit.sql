create or replace function londiste._capture_limit(
    i_queue_id integer, i_queue_name text, i_limit integer, i_events bigint)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_limit(4) - enforce the limit of events per transaction that a queue has.
 *
 * Internal; capture functions of earlier releases call it, too. Shares its counter with
 * pgq.insert_event_raw.
 *
 * Parameters:
 *   i_queue_id, i_queue_name   the queue
 *   i_limit                    queue_per_tx_limit
 *   i_events                   number of events just written
 * Errors:
 *   program_limit_exceeded     the transaction has written more
 * Writes:  setting pgq.tx_events_ID, until the transaction ends
 */
declare
    v_counter   constant text := 'pgq.tx_events_' || i_queue_id::text;
    v_counted   constant text := current_setting(v_counter, true);
    v_count     bigint := i_events;
begin
    if split_part(v_counted, ':', 1) = txid_current()::text then
        v_count := v_count + split_part(v_counted, ':', 2)::bigint;
    end if;
    if v_count > i_limit then
        raise exception 'Queue ''%'' allows max % events from one TX', i_queue_name, i_limit
            using errcode = 'program_limit_exceeded';
    end if;
    perform set_config(v_counter, txid_current()::text || ':' || v_count::text, true);
end;
$$;
