create or replace function pgq_ext.set_batch_done(
    a_consumer text, a_subconsumer text, a_batch_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.set_batch_done(3) - store that a consumer has completed a batch.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   one of its parallel parts; empty if it has none
 *   a_batch_id      batch; an id of 0 or less is not stored
 * Returns:
 *   true   stored now, or an id of 0 or less
 *   false  was stored already
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
            on conflict (consumer_id, subconsumer_id)
                do update set last_batch_id = excluded.last_batch_id
                where b.last_batch_id <> excluded.last_batch_id;
        return found; -- false if a concurrent session, waited for here, has stored the batch
    end if;
    return true;
end;
$$;

create or replace function pgq_ext.set_batch_done(a_consumer text, a_batch_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.set_batch_done(2) - store that a consumer without parts has completed a batch.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   batch
 * Returns:
 *   true   stored now
 *   false  was stored already
 * Calls:   pgq_ext.set_batch_done(3)
 */
begin
    return pgq_ext.set_batch_done(a_consumer, '', a_batch_id);
end;
$$;
