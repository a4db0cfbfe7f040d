create or replace function pgq_node._set_replica_role()
returns void
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node._set_replica_role(0) - set the session role to replica until the end of the transaction.
 *
 * If the owner may not set session_replication_role, the custom setting
 * pgq.session_replication_role is set instead, which our queue functions honour.
 *
 * Returns:
 *   nothing
 */
begin
    perform set_config('session_replication_role', 'replica', true);
    if coalesce(current_setting('pgq.session_replication_role', true), '') <> '' then
        perform set_config('pgq.session_replication_role', '', true);
    end if;
exception
    when insufficient_privilege then
        perform set_config('pgq.session_replication_role', 'replica', true);
end;
$$;
