create or replace function pgq_coop._is_subconsumer(i_sub_queue integer, i_sub_consumer integer)
returns boolean
language sql
stable
as $$
/*
 * pgq_coop._is_subconsumer(2) - does a subscription share the work of another one?
 *
 * Ticks do not tell: with an open batch both kinds have them. It is so when another subscription has
 * the same id, and a name that this one goes on from after a dot.
 *
 * Parameters:
 *   i_sub_queue, i_sub_consumer   the subscription
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
