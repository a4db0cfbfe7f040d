create or replace function pgq._create_role(i_role text)
returns boolean
language plpgsql
as $$
/*
 * pgq._create_role(1) - create a role without login, unless it exists.
 *
 * Roles belong to the whole server. Whoever may not create one still gets a working schema:
 * grants to roles that do not exist are left out.
 *
 * Parameters:
 *   i_role   name
 * Returns:
 *   does the role exist now
 */
begin
    if exists (select 1 from pg_catalog.pg_roles r where r.rolname = i_role) then
        return true;
    end if;
    execute pg_catalog.format('create role %I nologin', i_role);
    return true;
exception
    when duplicate_object or unique_violation then
        return true;    -- another installation was faster
    when insufficient_privilege then
        raise notice 'role "%" does not exist and may not be created by "%", going on without', i_role, current_user
            using hint = 'have an administrator create it, then run the installation again';
        return false;
end;
$$;
