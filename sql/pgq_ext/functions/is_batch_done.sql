create or replace function pgq_ext.is_batch_done(
    a_consumer text, a_subconsumer text, a_batch_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.is_batch_done(3) - check whether a batch is the one that a consumer completed last.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   one of its parallel parts; empty if it has none
 *   a_batch_id      batch
 * Returns:
 *   true or false
 */
begin
    return exists (
        select 1
        from pgq_ext.completed_batch b
        where b.consumer_id = a_consumer
          and b.subconsumer_id = a_subconsumer
          and b.last_batch_id = a_batch_id);
end;
$$;

create or replace function pgq_ext.is_batch_done(a_consumer text, a_batch_id bigint)
returns boolean
language plpgsql
as $$
/*
 * pgq_ext.is_batch_done(2) - check whether a consumer without parts completed that batch last.
 *
 * Parameters:
 *   a_consumer   consumer
 *   a_batch_id   batch
 * Returns:
 *   true or false
 * Calls:   pgq_ext.is_batch_done(3)
 */
begin
    return pgq_ext.is_batch_done(a_consumer, '', a_batch_id);
end;
$$;
