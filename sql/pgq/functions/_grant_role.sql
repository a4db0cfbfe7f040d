create or replace function pgq._grant_role(i_role text, i_member text)
returns boolean
language plpgsql
as $$
/*
 * pgq._grant_role(2) - make one role a member of another, if the current role may do that.
 *
 * Parameters:
 *   i_role     role to join
 *   i_member   role that joins
 * Returns:
 *   true   it is a member now
 *   false  a role does not exist, or the current role lacks the privilege (with a notice)
 */
begin
    if not exists (select 1 from pg_catalog.pg_roles r where r.rolname = i_role)
            or not exists (select 1 from pg_catalog.pg_roles r where r.rolname = i_member) then
        return false;
    end if;
    if pg_catalog.pg_has_role(i_member, i_role, 'member') then
        return true;
    end if;
    execute pg_catalog.format('grant %I to %I', i_role, i_member);
    return true;
exception
    when insufficient_privilege then
        raise notice 'role "%" is not a member of "%" and "%" may not grant that membership',
            i_member, i_role, current_user
            using hint = 'its privileges are granted directly instead';
        return false;
end;
$$;
