create or replace function londiste._queue_trigger()
returns trigger
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._queue_trigger(0) - on pgq.queue: publish which event table native capture writes to.
 *
 * Internal. Fires after a row was inserted, updated or deleted; also in role replica. A dropped
 * queue's function is dropped, too, unless triggers are left that call it: they report then that
 * there is no such queue.
 *
 * Calls:   londiste._capture_switch
 * Writes:  functions of schema londiste
 */
begin
    if tg_op = 'INSERT' then
        -- a restored dump: the function may have the number of another time
        if to_regprocedure('londiste._current_table_' || new.queue_id::text || '()') is not null
        then
            perform londiste._capture_switch(new.queue_id);
        end if;
        return null;
    end if;
    if to_regprocedure('londiste._current_table_' || old.queue_id::text || '()') is null then
        return null;
    end if;
    if tg_op = 'DELETE' then
        perform 1
           from pg_trigger t
          where londiste._feeds_queue(t.tgargs, old.queue_name)
            and londiste._is_capture_function(t.tgfoid)
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
