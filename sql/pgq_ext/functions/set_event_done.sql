create or replace function pgq_ext.set_event_done(a_consumer text, a_subconsumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.set_event_done(4) - note that a consumer has completed an event.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
 *   a_batch_id      batch
 *   a_event_id      event of that batch
 * Returns:
 *   false when it had been noted already
 * Calls:   pgq_ext.is_event_done(4)
 * Writes:  pgq_ext.completed_event, pgq_ext.partial_batch
 */
begin
    if pgq_ext.is_event_done(a_consumer, a_subconsumer, a_batch_id, a_event_id) then
        return false;
    end if;

    -- the first event of another batch: those of the batch before are not asked for any more
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
            on conflict (consumer_id, subconsumer_id) do update set cur_batch_id = excluded.cur_batch_id;
    end if;

    insert into pgq_ext.completed_event (consumer_id, subconsumer_id, batch_id, event_id)
        values (a_consumer, a_subconsumer, a_batch_id, a_event_id)
        on conflict (consumer_id, subconsumer_id, batch_id, event_id) do nothing;
    return found; -- a session that waited here for another may learn that the other has done it
end;
$$;

create or replace function pgq_ext.set_event_done(a_consumer text, a_batch_id bigint, a_event_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.set_event_done(3) - note that a consumer has completed an event, for a consumer without parts.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   batch
 *   a_event_id   event of that batch
 * Returns:
 *   false when it had been noted already
 * Calls:   pgq_ext.set_event_done(4)
 */
begin
    return pgq_ext.set_event_done(a_consumer, '', a_batch_id, a_event_id);
end;
$$;
