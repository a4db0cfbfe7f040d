create or replace function pgq_coop.register_subconsumer(
    i_queue_name text, i_consumer_name text, i_subconsumer_name text)
returns integer
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_coop.register_subconsumer(3) - register a sub-consumer of a consumer.
 *
 * A main consumer that is not subscribed yet is subscribed, starting at the newest tick.
 *
 * Parameters:
 *   i_queue_name         queue
 *   i_consumer_name      main consumer
 *   i_subconsumer_name   sub-consumer, unique among those of the consumer
 * Returns:
 *   1  registered
 *   0  was registered already
 * Errors:
 *   cannot register sub-consumer (a name is missing)
 *   consumer is a sub-consumer
 *   consumer is subscribed independently
 * Calls:   pgq.register_consumer, pgq_coop._is_subconsumer
 * Writes:  pgq.subscription (one row)
 */
declare
    v_name constant text := i_consumer_name || '.' || i_subconsumer_name;
    v_main record;
    v_sub record;
begin
    if coalesce(i_queue_name, '') = ''
        or coalesce(i_consumer_name, '') = ''
        or coalesce(i_subconsumer_name, '') = ''
    then
        raise exception 'cannot register sub-consumer "%" of consumer "%" on queue "%":'
                ' a name is missing',
            coalesce(i_subconsumer_name, ''), coalesce(i_consumer_name, ''),
            coalesce(i_queue_name, '')
            using errcode = 'invalid_parameter_value',
                hint = 'none of the three names may be null or empty';
    end if;

    perform pgq.register_consumer(i_queue_name, i_consumer_name);
    select s.sub_queue, s.sub_consumer, s.sub_id
        into v_main
        from pgq.subscription s
        join pgq.queue q on q.queue_id = s.sub_queue
        join pgq.consumer c on c.co_id = s.sub_consumer
        where q.queue_name = i_queue_name
          and c.co_name = i_consumer_name
        for update of s;
    if pgq_coop._is_subconsumer(v_main.sub_queue, v_main.sub_consumer) then
        raise exception 'consumer "%" of queue "%" is a sub-consumer and cannot have sub-consumers',
            i_consumer_name, i_queue_name
            using errcode = 'wrong_object_type',
                hint = 'register more sub-consumers of its main consumer';
    end if;

    select s.sub_id
        into v_sub
        from pgq.subscription s
        join pgq.consumer c on c.co_id = s.sub_consumer
        where s.sub_queue = v_main.sub_queue
          and c.co_name = v_name;
    if found then
        if v_sub.sub_id <> v_main.sub_id then
            raise exception 'consumer "%" of queue "%" is subscribed independently,'
                    ' it cannot become a sub-consumer of "%"',
                v_name, i_queue_name, i_consumer_name
                using errcode = 'duplicate_object',
                    hint = 'choose another name for the sub-consumer, or unregister that consumer';
        end if;
        return 0;
    end if;

    perform pgq.register_consumer(i_queue_name, v_name);
    update pgq.subscription s
        set sub_id = v_main.sub_id, sub_last_tick = null, sub_next_tick = null
        from pgq.consumer c
        where s.sub_queue = v_main.sub_queue
          and s.sub_consumer = c.co_id
          and c.co_name = v_name;
    return 1;
end;
$$;
