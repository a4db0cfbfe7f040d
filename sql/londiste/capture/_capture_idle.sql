create or replace function londiste._capture_idle(i_table oid, i_trigger name)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_idle(2) - pgq._trigger_idle for generated functions, which run with their owner's rights.
 *
 * Internal. Whoever writes to the table must not be able to lend names to what runs with these rights.
 *
 * Parameters:
 *   i_table, i_trigger   the trigger
 * Returns:
 *   true: do nothing, because of the session's role
 */
    select pgq._trigger_idle(i_table, i_trigger);
$$;
