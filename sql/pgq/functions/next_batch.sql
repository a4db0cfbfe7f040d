create or replace function pgq.next_batch(i_queue_name text, i_consumer_name text)
returns bigint
language plpgsql
as $$
/*
 * pgq.next_batch(2) - open the consumer's next batch, or return the open one again.
 *
 * Parameters:
 *   i_queue_name      queue
 *   i_consumer_name   consumer
 * Returns:
 *   batch id; null if there is no batch
 * Errors:
 *   as pgq.next_batch_custom
 * Calls:   pgq.next_batch_custom
 */
begin
    return (select f.batch_id
        from pgq.next_batch_custom(i_queue_name, i_consumer_name, null, null, null) f);
end;
$$;
