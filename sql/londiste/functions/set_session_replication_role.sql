create or replace function londiste.set_session_replication_role(val text, is_local boolean)
returns void
language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste.set_session_replication_role(2) - set the session role without being superuser.
 *
 * If the owner of this function may not set it either, the custom setting
 * pgq.session_replication_role is set instead. Our queue functions and triggers honour it;
 * PostgreSQL's own triggers and foreign keys then stay active.
 *
 * Parameters:
 *   val        origin, replica or local
 *   is_local   true: until the end of the transaction
 * Returns:
 *   nothing
 * Errors:
 *   bad value for session_replication_role
 */
begin
    if val is null or val not in ('origin', 'replica', 'local') then
        raise exception 'bad value for session_replication_role'
            using errcode = 'invalid_parameter_value',
                  hint = 'Valid values are origin, replica and local.';
    end if;

    begin
        perform set_config('session_replication_role', val, is_local);
        if coalesce(current_setting('pgq.session_replication_role', true), '') <> '' then
            -- Set earlier, without the privilege; it would take precedence over the real setting.
            perform set_config('pgq.session_replication_role', '', is_local);
        end if;
    exception
        when insufficient_privilege then
            -- empty: the real setting applies
            perform set_config('pgq.session_replication_role',
                               case when val = 'origin'
                                         and current_setting('session_replication_role') = 'origin'
                                    then '' else val end,
                               is_local);
    end;
end;
$$;
