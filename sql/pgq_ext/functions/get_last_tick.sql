create or replace function pgq_ext.get_last_tick(a_consumer text, a_subconsumer text)
returns bigint
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.get_last_tick(2) - the tick a consumer has completed.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
 * Returns:
 *   tick id; null when there is none
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
 * pgq_ext.get_last_tick(1) - the tick a consumer has completed, for a consumer without parts.
 *
 * Parameters:
 *   a_consumer   consumer
 * Returns:
 *   tick id; null when there is none
 * Calls:   pgq_ext.get_last_tick(2)
 */
begin
    return pgq_ext.get_last_tick(a_consumer, '');
end;
$$;
