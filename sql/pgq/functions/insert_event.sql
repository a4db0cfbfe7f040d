create or replace function pgq.insert_event(
    queue_name text, ev_type text, ev_data text,
    ev_extra1 text, ev_extra2 text, ev_extra3 text, ev_extra4 text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq.insert_event(7) - insert an event into a queue; triggers call this function.
 *
 * Parameters:
 *   queue_name   queue
 *   ev_type, ev_data, ev_extra1 ... ev_extra4   content
 * Returns:
 *   event id
 * Errors:
 *   as pgq.insert_event_raw
 * Calls:   pgq.insert_event_raw
 */
begin
    return pgq.insert_event_raw(queue_name, null, now(), null, null,
        ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4);
end;
$$;

create or replace function pgq.insert_event(queue_name text, ev_type text, ev_data text)
returns bigint
language plpgsql
as $$
/*
 * pgq.insert_event(3) - insert an event without extra fields into a queue.
 *
 * Parameters:
 *   queue_name         queue
 *   ev_type, ev_data   content
 * Returns:
 *   event id
 * Errors:
 *   as pgq.insert_event_raw
 * Calls:   pgq.insert_event(7)
 */
begin
    return pgq.insert_event(queue_name, ev_type, ev_data, null, null, null, null);
end;
$$;
