create or replace function pgq_ext.set_last_tick(
    a_consumer text, a_subconsumer text, a_tick_id bigint)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.set_last_tick(3) - store the tick that a consumer has completed.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   one of its parallel parts; empty if it has none
 *   a_tick_id       tick; null deletes the consumer's row
 * Returns:
 *   1
 * Writes:  pgq_ext.completed_tick (one row)
 */
begin
    if a_tick_id is null then
        delete from pgq_ext.completed_tick t
            where t.consumer_id = a_consumer
              and t.subconsumer_id = a_subconsumer;
    else
        insert into pgq_ext.completed_tick (consumer_id, subconsumer_id, last_tick_id)
            values (a_consumer, a_subconsumer, a_tick_id)
            on conflict (consumer_id, subconsumer_id)
                do update set last_tick_id = excluded.last_tick_id;
    end if;
    return 1;
end;
$$;

create or replace function pgq_ext.set_last_tick(a_consumer text, a_tick_id bigint)
returns integer
language plpgsql
as $$
/*
 * pgq_ext.set_last_tick(2) - store the tick that a consumer without parts has completed.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_tick_id    tick; null deletes the consumer's row
 * Returns:
 *   1
 * Calls:   pgq_ext.set_last_tick(3)
 */
begin
    return pgq_ext.set_last_tick(a_consumer, '', a_tick_id);
end;
$$;
