create or replace function pgq_ext.is_batch_done(a_consumer text, a_subconsumer text, a_batch_id bigint)
returns boolean
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_ext.is_batch_done(3) - is that the batch a consumer completed last.
 *
 * Parameters:
 *   a_consumer      consumer
 *   a_subconsumer   which of its parallel parts; empty for one that has none
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
 * pgq_ext.is_batch_done(2) - is that the batch a consumer completed last, for a consumer without parts.
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
