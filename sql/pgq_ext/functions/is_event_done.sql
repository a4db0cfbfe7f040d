create or replace function pgq_ext.is_event_done(
    a_consumer text, a_subconsumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.is_event_done(4) - check whether a consumer has completed an event of its batch.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   one of its parallel parts; empty if it has none
 *   a_batch_id      current batch
 *   a_event_id      event of that batch
 * Returns:
 *   true or false
 */
begin
    return exists (
        select 1
        from pgq_ext.completed_event e
        where e.consumer_id = a_consumer
          and e.subconsumer_id = a_subconsumer
          and e.batch_id = a_batch_id
          and e.event_id = a_event_id);
end;
$$;

create or replace function pgq_ext.is_event_done(
    a_consumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.is_event_done(3) - check whether a consumer without parts has completed an event.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   current batch
 *   a_event_id   event of that batch
 * Returns:
 *   true or false
 * Calls:   pgq_ext.is_event_done(4)
 */
begin
    return pgq_ext.is_event_done(a_consumer, '', a_batch_id, a_event_id);
end;
$$;
