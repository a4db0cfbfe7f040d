create or replace function pgq_coop.next_batch(
    i_queue_name text, i_consumer_name text, i_subconsumer_name text, i_dead_interval interval)
returns bigint
language plpgsql
as $$
/*
 * pgq_coop.next_batch(4) - open a batch for a sub-consumer, or take over that of a dead sibling.
 *
 * Parameters:
 *   i_queue_name         queue
 *   i_consumer_name      main consumer
 *   i_subconsumer_name   sub-consumer that calls
 *   i_dead_interval      longer than any batch takes; null: no sibling counts as dead
 * Returns:
 *   batch id; null if there is no batch
 * Errors:
 *   as pgq_coop.next_batch_custom(7)
 * Calls:   pgq_coop.next_batch_custom(7)
 */
begin
    return pgq_coop.next_batch_custom(i_queue_name, i_consumer_name, i_subconsumer_name,
        null, null, null, i_dead_interval);
end;
$$;

create or replace function pgq_coop.next_batch(
    i_queue_name text, i_consumer_name text, i_subconsumer_name text)
returns bigint
language plpgsql
as $$
/*
 * pgq_coop.next_batch(3) - open a batch for a sub-consumer; no sibling counts as dead.
 *
 * Parameters:
 *   i_queue_name         queue
 *   i_consumer_name      main consumer
 *   i_subconsumer_name   sub-consumer that calls
 * Returns:
 *   batch id; null if there is no batch
 * Errors:
 *   as pgq_coop.next_batch_custom(7)
 * Calls:   pgq_coop.next_batch_custom(7)
 */
begin
    return pgq_coop.next_batch_custom(i_queue_name, i_consumer_name, i_subconsumer_name,
        null, null, null, null);
end;
$$;
