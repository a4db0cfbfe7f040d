create or replace function londiste.upgrade_schema()
returns integer
language plpgsql
as $$
/*
 * londiste.upgrade_schema(0) - create missing roles and upgrade tables of an older release.
 *
 * If the calling role lacks a privilege for that, a notice reports it and the installation
 * continues.
 *
 * Returns:
 *   0
 * Writes:  roles londiste_reader and londiste_writer, definitions of tables of schema londiste
 */
declare
    v_role      text;
    v_parent    text;
    v_column    text[];
begin
    foreach v_role in array array['londiste_reader', 'londiste_writer'] loop
        perform 1 from pg_catalog.pg_roles r where r.rolname = v_role;
        if not found then
            begin
                execute 'create role ' || v_role;
            exception
                when insufficient_privilege then
                    raise notice 'role % is missing and % may not create it: %',
                        v_role, current_user, sqlerrm;
                when duplicate_object or unique_violation then
                    null; -- a concurrent installation has created it
            end;
        end if;

        v_parent := case v_role when 'londiste_reader' then 'pgq_reader' else 'pgq_admin' end;
        perform 1
           from pg_catalog.pg_roles r, pg_catalog.pg_roles p
          where r.rolname = v_role
            and p.rolname = v_parent
            and not exists (
                    select 1 from pg_catalog.pg_auth_members m
                     where m.roleid = p.oid and m.member = r.oid);
        if found then
            begin
                execute 'grant ' || v_parent || ' to ' || v_role;
            exception
                when others then
                    raise notice 'could not grant role % to %: %', v_parent, v_role, sqlerrm;
            end;
        end if;
    end loop;

    foreach v_column slice 1 in array array[
        array['table_info', 'dropped_ddl'], array['table_info', 'table_attrs'],
        array['table_info', 'dest_table'], array['applied_execute', 'execute_attrs']]
    loop
        perform 1
           from pg_catalog.pg_attribute a
           join pg_catalog.pg_class c on c.oid = a.attrelid
          where c.relnamespace = 'londiste'::pg_catalog.regnamespace
            and c.relname = v_column[1]
            and a.attname = v_column[2]
            and not a.attisdropped;
        if not found then
            execute 'alter table londiste.' || v_column[1]
                    || ' add column ' || v_column[2] || ' text';
        end if;
    end loop;

    return 0;
end;
$$;
