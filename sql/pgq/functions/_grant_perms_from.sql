create or replace function pgq._grant_perms_from(
    src_schema text, src_table text, dst_schema text, dst_table text)
returns integer
language plpgsql
strict
as $$
/*
 * pgq._grant_perms_from(4) - give a table the grants that another table has.
 *
 * Existing grants are not repeated: each would update the table's catalog row, and then an upgrade
 * and a rotation of the queue would block each other.
 *
 * Parameters:
 *   src_schema, src_table   table to read grants from
 *   dst_schema, dst_table   table to grant them on
 * Returns:
 *   1
 */
declare
    v_grant record;
begin
    for v_grant in
        select a.privilege_type, a.is_grantable,
            case when a.grantee = 0 then 'public'
                 else pg_catalog.quote_ident(r.rolname) end as grantee
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        cross join lateral pg_catalog.aclexplode(c.relacl) a
        left join pg_catalog.pg_roles r on r.oid = a.grantee
        where n.nspname = src_schema
          and c.relname = src_table
          and a.grantee <> c.relowner
          and (a.grantee = 0 or r.oid is not null)
          and not exists (
              select 1
              from pg_catalog.pg_class dc
              join pg_catalog.pg_namespace dn on dn.oid = dc.relnamespace
              cross join lateral pg_catalog.aclexplode(dc.relacl) da
              where dn.nspname = dst_schema
                and dc.relname = dst_table
                and da.grantee = a.grantee
                and da.privilege_type = a.privilege_type
                and (da.is_grantable or not a.is_grantable))
        order by 3, 1
    loop
        execute pg_catalog.format('grant %s on %I.%I to %s%s',
            v_grant.privilege_type, dst_schema, dst_table, v_grant.grantee,
            case when v_grant.is_grantable then ' with grant option' else '' end);
    end loop;
    return 1;
end;
$$;
