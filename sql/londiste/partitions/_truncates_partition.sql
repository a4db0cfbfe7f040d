create or replace function londiste._truncates_partition()
returns trigger
language plpgsql
-- who truncates needs no rights on the queue
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._truncates_partition() - BEFORE TRUNCATE trigger of a partition that has the triggers of
 * schema pgq.
 *
 * Internal. Native capture does it in its own functions.
 *
 * Arguments:
 *   the queue, and the table's name on all nodes
 * Calls:   londiste._partition_truncated, pgq._session_role, pgq._trigger_idle
 */
begin
    if pgq._session_role() <> 'origin' and pgq._trigger_idle(tg_relid, tg_name) then
        return null;
    end if;
    perform londiste._partition_truncated(tg_argv[0], tg_relid, tg_argv[1]);
    return null;
end;
$$;
