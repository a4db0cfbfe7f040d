create or replace function londiste._capture_idle(i_table oid, i_trigger name)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_idle(2) - must a trigger do nothing because of the session's role?
 *
 * Internal; capture functions of earlier releases call it, too. As pgq._trigger_idle, but with a
 * search_path of its own: capture functions run with their owner's rights, and the role that writes
 * to the table must not be able to supply objects to them.
 *
 * Parameters:
 *   i_table, i_trigger   the trigger
 * Calls:   pgq._trigger_idle
 */
    select pgq._trigger_idle(i_table, i_trigger);
$$;
