create or replace function pgq_node.set_consumer_paused(
    in i_queue_name text,
    in i_consumer_name text,
    in i_paused boolean,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_consumer_paused(3) - ask a consumer to pause or to resume.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer
 *   i_paused          true to pause, false to resume
 * Returns:
 *   200  changed; the consumer sets uptodate when it has read the change
 *   201  already paused, or already running
 *   404  not registered
 * Writes:  pgq_node.local_state (one row)
 */
declare
    v_paused    boolean;
    v_state     text := case when i_paused then 'paused' else 'resumed' end;
begin
    select s.paused
      into v_paused
      from pgq_node.local_state s
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name
       for update;
    if not found then
        ret_code := 404;
        ret_note := 'Unknown consumer: ' || i_consumer_name;
        return;
    end if;

    if v_paused = i_paused then
        ret_code := 201;
        ret_note := 'Consumer ' || i_consumer_name || ' already ' || v_state;
        return;
    end if;

    update pgq_node.local_state as s
       set paused = i_paused,
           uptodate = false
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;

    ret_code := 200;
    ret_note := 'Consumer ' || i_consumer_name || ' tagged as ' || v_state;
end;
$$;
