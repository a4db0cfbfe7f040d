create or replace function pgq._create_role(i_role text)
returns boolean
language plpgsql
as $$
/*
 * pgq._create_role(1) - create a role without login, unless it exists.
 *
 * Roles belong to the whole server. Without the right to create one, the installation continues:
 * grants to a missing role are left out.
 *
 * Parameters:
 *   i_role   name
 * Returns:
 *   true   the role exists now
 *   false  the role does not exist; a notice reports the reason
 */
begin
    if exists (select 1 from pg_catalog.pg_roles r where r.rolname = i_role) then
        return true;
    end if;
    execute pg_catalog.format('create role %I nologin', i_role);
    return true;
exception
    when duplicate_object or unique_violation then
        return true;    -- a concurrent installation has created it
    when insufficient_privilege then
        raise notice 'role "%" does not exist and "%" may not create it; its grants are left out',
            i_role, current_user
            using hint = 'create the role as an administrator, then run the installation again';
        return false;
end;
$$;
