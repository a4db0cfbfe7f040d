create or replace function pgq_ext.set_batch_done(a_consumer text, a_subconsumer text, a_batch_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.set_batch_done(3) - note that a consumer has completed a batch.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
 *   a_batch_id      batch
 * Returns:
 *   false when it had been noted already
 * Calls:   pgq_ext.is_batch_done(3)
 * Writes:  pgq_ext.completed_batch (one row)
 */
begin
    if pgq_ext.is_batch_done(a_consumer, a_subconsumer, a_batch_id) then
        return false;
    end if;
    if a_batch_id > 0 then
        insert into pgq_ext.completed_batch as b (consumer_id, subconsumer_id, last_batch_id)
            values (a_consumer, a_subconsumer, a_batch_id)
            on conflict (consumer_id, subconsumer_id) do update set last_batch_id = excluded.last_batch_id
                where b.last_batch_id <> excluded.last_batch_id;
        return found; -- a session that waited here for another may learn that the other has done it
    end if;
    return true;
end;
$$;

create or replace function pgq_ext.set_batch_done(a_consumer text, a_batch_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.set_batch_done(2) - note that a consumer has completed a batch, for a consumer without parts.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   batch
 * Returns:
 *   false when it had been noted already
 * Calls:   pgq_ext.set_batch_done(3)
 */
begin
    return pgq_ext.set_batch_done(a_consumer, '', a_batch_id);
end;
$$;
