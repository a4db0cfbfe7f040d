create or replace function pgq_node.set_consumer_error(
    in i_queue_name text,
    in i_consumer_name text,
    in i_error_msg text,
    out ret_code integer,
    out ret_note text)
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node.set_consumer_error(3) - store the error that stops a consumer.
 *
 * Parameters:
 *   i_queue_name      name of the cascaded queue
 *   i_consumer_name   the consumer
 *   i_error_msg       the error; null clears it
 * Returns:
 *   100  stored
 *   101  not registered, ignored: the missing registration may be the error
 * Writes:  pgq_node.local_state (one row)
 */
begin
    update pgq_node.local_state as s
       set cur_error = i_error_msg
     where s.queue_name = i_queue_name
       and s.consumer_name = i_consumer_name;
    if found then
        ret_code := 100;
        ret_note := 'Consumer ' || i_consumer_name || ' error = ' || i_error_msg;
    else
        ret_code := 101;
        ret_note := 'Consumer not known, ignoring: ' || i_queue_name || '/' || i_consumer_name;
    end if;
end;
$$;
