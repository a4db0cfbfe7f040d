create or replace function pgq_coop._is_subconsumer(i_sub_queue integer, i_sub_consumer integer)
returns boolean
language sql
stable
as $$
/*
 * pgq_coop._is_subconsumer(2) - check whether a subscription is that of a sub-consumer.
 *
 * Ticks do not show it: with an open batch both kinds have them. A subscription is a sub-consumer's
 * if another one has the same id, and its name is the other one's name, a dot and more.
 *
 * Parameters:
 *   i_sub_queue, i_sub_consumer   the subscription
 * Returns:
 *   true or false
 */
select exists (
    select 1
    from pgq.subscription s
    join pgq.consumer c on c.co_id = s.sub_consumer
    join pgq.subscription m on m.sub_queue = s.sub_queue and m.sub_id = s.sub_id
    join pgq.consumer mc on mc.co_id = m.sub_consumer
    where s.sub_queue = i_sub_queue
      and s.sub_consumer = i_sub_consumer
      and pg_catalog.strpos(c.co_name, mc.co_name || '.') = 1);
$$;
