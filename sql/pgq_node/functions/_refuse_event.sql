create or replace function pgq_node._refuse_event()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node._refuse_event(0) - trigger of the event tables of a former root: refuse events.
 *
 * Internal; see pgq_node._close_event_tables. A session whose role is replica, such as the worker
 * of a branch, is not refused.
 *
 * Errors:
 *   Insert into queue disallowed
 * Calls:   pgq._session_role
 */
begin
    if pgq._session_role() <> 'replica' then
        raise exception 'Insert into queue disallowed'
            using detail = format('Event table: %s', tg_relid::regclass),
                hint = 'this database is a branch: write on the root node';
    end if;
    return null;
end;
$$;
