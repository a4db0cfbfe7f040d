create or replace function pgq_node._set_replica_role()
returns void
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * pgq_node._set_replica_role(0) - session role replica until the end of the transaction.
 *
 * Internal. Where the owner may not set session_replication_role, our queue functions look at the
 * custom setting pgq.session_replication_role instead.
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
