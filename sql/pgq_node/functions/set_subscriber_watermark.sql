create or replace function pgq_node.set_subscriber_watermark(
    in i_queue_name text,
    in i_node_name text,
    in i_watermark bigint,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_subscriber_watermark(3) - move the position that a subscriber's subtree still needs.
 *
 * Parameters:
 *   i_queue_name   name of the cascaded queue
 *   i_node_name    the subscriber
 *   i_watermark    tick id
 * Returns:
 *   100  is there already
 *   200  moved
 *   404  not subscribed here
 *   405  would move backwards: those events may be gone
 * Errors:
 *   as pgq.register_consumer_at, if the tick does not exist here
 * Calls:   pgq.register_consumer_at
 */
declare
    v_name      text := '.' || i_node_name || '.watermark';
    v_current   bigint;
begin
    select s.sub_last_tick
      into v_current
      from pgq.queue q
      join pgq.subscription s on s.sub_queue = q.queue_id
      join pgq.consumer c on c.co_id = s.sub_consumer
     where q.queue_name = i_queue_name
       and c.co_name = v_name;
    if not found then
        ret_code := 404;
        ret_note := 'node ' || i_node_name
                    || ' not subscribed to queue ' || coalesce(i_queue_name, '');
        return;
    end if;

    if i_watermark < v_current then
        ret_code := 405;
        ret_note := 'watermark must not be moved backwards';
        return;
    end if;
    if i_watermark = v_current then
        ret_code := 100;
        ret_note := 'watermark already set';
        return;
    end if;

    perform pgq.register_consumer_at(i_queue_name, v_name, i_watermark);

    ret_code := 200;
    ret_note := v_name || ' set to ' || i_watermark;
end;
$$;
