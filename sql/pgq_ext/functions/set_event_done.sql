create or replace function pgq_ext.set_event_done(
    a_consumer text, a_subconsumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.set_event_done(4) - store that a consumer has completed an event.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   one of its parallel parts; empty if it has none
 *   a_batch_id      batch
 *   a_event_id      event of that batch
 * Returns:
 *   true   stored now
 *   false  was stored already
 * Calls:   pgq_ext.is_event_done(4)
 * Writes:  pgq_ext.completed_event, pgq_ext.partial_batch
 */
begin
    if pgq_ext.is_event_done(a_consumer, a_subconsumer, a_batch_id, a_event_id) then
        return false;
    end if;

    -- the first event of another batch: events of the batch before are no longer needed
    if not exists (
            select 1
            from pgq_ext.partial_batch p
            where p.consumer_id = a_consumer
              and p.subconsumer_id = a_subconsumer
              and p.cur_batch_id = a_batch_id) then
        delete from pgq_ext.completed_event e
            where e.consumer_id = a_consumer
              and e.subconsumer_id = a_subconsumer
              and e.batch_id <> a_batch_id;
        insert into pgq_ext.partial_batch (consumer_id, subconsumer_id, cur_batch_id)
            values (a_consumer, a_subconsumer, a_batch_id)
            on conflict (consumer_id, subconsumer_id)
                do update set cur_batch_id = excluded.cur_batch_id;
    end if;

    insert into pgq_ext.completed_event (consumer_id, subconsumer_id, batch_id, event_id)
        values (a_consumer, a_subconsumer, a_batch_id, a_event_id)
        on conflict (consumer_id, subconsumer_id, batch_id, event_id) do nothing;
    return found; -- false if a concurrent session, waited for here, has stored the event
end;
$$;

create or replace function pgq_ext.set_event_done(
    a_consumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.set_event_done(3) - store that a consumer without parts has completed an event.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   batch
 *   a_event_id   event of that batch
 * Returns:
 *   true   stored now
 *   false  was stored already
 * Calls:   pgq_ext.set_event_done(4)
 */
begin
    return pgq_ext.set_event_done(a_consumer, '', a_batch_id, a_event_id);
end;
$$;
