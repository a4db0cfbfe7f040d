create or replace function pgq._session_role()
returns text
language sql
stable
as $$
/*
 * pgq._session_role(0) - return the replication role of this session.
 *
 * If a session may not set session_replication_role, the daemon sets the custom setting
 * pgq.session_replication_role instead; unless empty, it takes precedence.
 *
 * Returns:
 *   'origin', 'replica' or 'local'
 */
select coalesce(
    nullif(pg_catalog.current_setting('pgq.session_replication_role', true), ''),
    pg_catalog.current_setting('session_replication_role'));
$$;
