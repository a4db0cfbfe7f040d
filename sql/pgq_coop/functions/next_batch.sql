create or replace function pgq_coop.next_batch(
    i_queue_name text, i_consumer_name text, i_subconsumer_name text, i_dead_interval interval)
returns bigint
language plpgsql
as $$
/*
 * pgq_coop.next_batch(4) - give a sub-consumer a batch, maybe that of a dead sibling.
 *
 * Parameters:
 *   i_queue_name         queue
 *   i_consumer_name      consumer whose work is shared
 *   i_subconsumer_name   sub-consumer that asks
 *   i_dead_interval      longer than any batch takes; null: nobody is taken for dead
 * Returns:
 *   batch id; null when there is nothing to do
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
 * pgq_coop.next_batch(3) - give a sub-consumer a batch, taking nobody for dead.
 *
 * Parameters:
 *   i_queue_name         queue
 *   i_consumer_name      consumer whose work is shared
 *   i_subconsumer_name   sub-consumer that asks
 * Returns:
 *   batch id; null when there is nothing to do
 * Calls:   pgq_coop.next_batch_custom(7)
 */
begin
    return pgq_coop.next_batch_custom(i_queue_name, i_consumer_name, i_subconsumer_name,
        null, null, null, null);
end;
$$;
