create or replace function londiste._queue_trigger()
returns trigger
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._queue_trigger(0) - on pgq.queue: native capture follows its queue.
 *
 * Internal. After a row was inserted, updated or deleted; also in role replica. When the queue is gone, so is the function that
 * tells of it, unless triggers are left that ask for it: these say then that there is no such queue.
 *
 * Calls:   londiste._capture_switch
 */
declare
    v_first_arg bytea;
begin
    if tg_op = 'INSERT' then -- of data that were dumped: what is known may be of another time
        if to_regprocedure('londiste._current_table_' || new.queue_id::text || '()') is not null then
            perform londiste._capture_switch(new.queue_id);
        end if;
        return null;
    end if;
    v_first_arg := convert_to(old.queue_name, getdatabaseencoding()) || decode('00', 'hex');
    if to_regprocedure('londiste._current_table_' || old.queue_id::text || '()') is null then
        return null;
    end if;
    if tg_op = 'DELETE' then
        perform 1
           from pg_trigger t
          where substr(t.tgargs, 1, octet_length(v_first_arg)) = v_first_arg
            and londiste._is_capture(t.tgfoid)
          limit 1;
        if not found then
            execute 'drop function londiste._current_table_' || old.queue_id::text || '()';
            return null;
        end if;
    end if;
    perform londiste._capture_switch(old.queue_id);
    return null;
end;
$$;
