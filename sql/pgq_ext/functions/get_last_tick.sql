create or replace function pgq_ext.get_last_tick(a_consumer text, a_subconsumer text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.get_last_tick(2) - return the tick that a consumer has completed.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   one of its parallel parts; empty if it has none
 * Returns:
 *   tick id; null if none is stored
 */
begin
    return (select t.last_tick_id
        from pgq_ext.completed_tick t
        where t.consumer_id = a_consumer
          and t.subconsumer_id = a_subconsumer);
end;
$$;

create or replace function pgq_ext.get_last_tick(a_consumer text)
returns bigint
language plpgsql
as $$
/*
 * pgq_ext.get_last_tick(1) - return the tick that a consumer without parts has completed.
 *
 * Parameters:
 *   a_consumer   consumer
 * Returns:
 *   tick id; null if none is stored
 * Calls:   pgq_ext.get_last_tick(2)
 */
begin
    return pgq_ext.get_last_tick(a_consumer, '');
end;
$$;
