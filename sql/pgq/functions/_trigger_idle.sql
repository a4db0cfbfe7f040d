create or replace function pgq._trigger_idle(i_table oid, i_trigger name)
returns boolean
language plpgsql
stable
as $$
/*
 * pgq._trigger_idle(2) - must a trigger that was fired do nothing because of the session's role?
 *
 * In role local it does nothing. In role replica the server fires only triggers that are enabled
 * for it. The server does not know the setting pgq.session_replication_role (see
 * pgq._session_role), so this function applies the same rule to it.
 *
 * Parameters:
 *   i_table, i_trigger   the trigger
 * Returns:
 *   true   do nothing
 * Calls:   pgq._session_role
 */
begin
    if pgq._session_role() = 'replica'
        and pg_catalog.current_setting('session_replication_role') <> 'replica'
    then
        return not exists (
            select 1
            from pg_catalog.pg_trigger t
            where t.tgrelid = i_table
              and t.tgname = i_trigger
              and t.tgenabled = 'A');
    end if;
    return pgq._session_role() = 'local';
end;
$$;
