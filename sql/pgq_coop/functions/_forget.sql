create or replace function pgq_coop._forget(i_sub_queue integer, i_sub_consumer integer)
returns void
language plpgsql
as $$
/*
 * pgq_coop._forget(2) - delete a sub-consumer's subscription, and its name if it is unused.
 *
 * Processes come and go, and the names of their sub-consumers must not accumulate. A name that
 * another transaction is subscribing at this moment is locked, and stays.
 *
 * Parameters:
 *   i_sub_queue, i_sub_consumer   the subscription; its open batch has been moved or retried
 * Returns:
 *   nothing
 * Writes:  pgq.subscription, pgq.consumer (delete)
 */
begin
    delete from pgq.subscription s
        where s.sub_queue = i_sub_queue and s.sub_consumer = i_sub_consumer;
    perform 1 from pgq.consumer c where c.co_id = i_sub_consumer for update skip locked;
    if found then
        delete from pgq.consumer c
            where c.co_id = i_sub_consumer
              and not exists (select 1 from pgq.subscription s where s.sub_consumer = c.co_id);
    end if;
end;
$$;
