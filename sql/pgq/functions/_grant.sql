create or replace function pgq._grant(i_privileges text, i_object text, i_role text)
returns boolean
language plpgsql
as $$
/*
 * pgq._grant(3) - grant privileges to a role, if it exists.
 *
 * If pgq_admin is not a member of the other pgq roles, it gets their privileges directly.
 *
 * Parameters:
 *   i_privileges   as in GRANT
 *   i_object       as in GRANT, with its kind
 *   i_role         role, or 'public'
 * Returns:
 *   true   granted to i_role
 *   false  i_role does not exist
 */
begin
    if i_role in ('pgq_reader', 'pgq_writer')
            and exists (select 1 from pg_catalog.pg_roles r where r.rolname = 'pgq_admin')
            and not exists (
                select 1
                from pg_catalog.pg_roles r
                where r.rolname = i_role
                  and pg_catalog.pg_has_role('pgq_admin', r.oid, 'member')) then
        execute pg_catalog.format('grant %s on %s to pgq_admin', i_privileges, i_object);
    end if;
    if i_role <> 'public'
            and not exists (select 1 from pg_catalog.pg_roles r where r.rolname = i_role) then
        return false;
    end if;
    execute pg_catalog.format('grant %s on %s to %s', i_privileges, i_object,
        case when i_role = 'public' then 'public' else pg_catalog.quote_ident(i_role) end);
    return true;
end;
$$;
