-- Do not install over the extension of the original PgQ: its functions would be replaced one by one
-- and its tables kept, a mixture of both.
do $$
begin
    if exists (
            select 1
            from pg_catalog.pg_namespace n
            join pg_catalog.pg_depend d
                on d.classid = 'pg_catalog.pg_namespace'::regclass
                and d.objid = n.oid
                and d.deptype = 'e'
            join pg_catalog.pg_proc p on p.pronamespace = n.oid and p.proname = 'version'
            where n.nspname = 'pgq'
              and p.prosrc not like '%* pgq.version(0) - %') then
        raise exception 'schema pgq belongs to another extension'
            using errcode = 'wrong_object_type',
                hint = 'jlondiste works with that extension, too; to replace it:'
                    ' drop extension pgq, then install';
    end if;
end;
$$;

create schema if not exists pgq;
grant usage on schema pgq to public;
