create or replace function pgq.maint_retry_events()
returns integer
language plpgsql
as $$
/*
 * pgq.maint_retry_events(0) - move events back to their queue whose retry time has come.
 *
 * On a branch only sessions with role replica may insert. Redelivery to a consumer of the branch is
 * not a new event, so this function assumes that role for it.
 *
 * Returns:
 *   number of events moved, at most 10; the caller repeats the call until it is 0
 * Calls:   pgq.insert_event_raw
 * Writes:  pgq.retry_queue (delete)
 */
declare
    v_ev record;
    v_role text := coalesce(pg_catalog.current_setting('pgq.session_replication_role', true), '');
    v_count integer := 0;
begin
    -- one session at a time moves events; other sessions may still add some
    lock table pgq.retry_queue in share update exclusive mode;

    for v_ev in
        select q.queue_name, q.queue_disable_insert, r.*
        from pgq.retry_queue r
        join pgq.queue q on q.queue_id = r.ev_queue
        where r.ev_retry_after <= pg_catalog.now()
        order by r.ev_retry_after
        limit 10
    loop
        if v_ev.queue_disable_insert then
            perform pg_catalog.set_config('pgq.session_replication_role', 'replica', true);
        end if;
        perform pgq.insert_event_raw(v_ev.queue_name,
            v_ev.ev_id, v_ev.ev_time, v_ev.ev_owner, v_ev.ev_retry, v_ev.ev_type, v_ev.ev_data,
            v_ev.ev_extra1, v_ev.ev_extra2, v_ev.ev_extra3, v_ev.ev_extra4);
        if v_ev.queue_disable_insert then
            perform pg_catalog.set_config('pgq.session_replication_role', v_role, true);
        end if;
        delete from pgq.retry_queue r
            where r.ev_owner = v_ev.ev_owner
              and r.ev_id = v_ev.ev_id;
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
