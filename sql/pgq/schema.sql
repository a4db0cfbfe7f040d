-- Functions of the reference's extension would be replaced one by one, and its tables kept: a mixture of both.
do $$
begin
    if exists (
            select 1
            from pg_catalog.pg_namespace n
            join pg_catalog.pg_depend d
                on d.classid = 'pg_catalog.pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e'
            join pg_catalog.pg_proc p on p.pronamespace = n.oid and p.proname = 'version'
            where n.nspname = 'pgq'
              and p.prosrc not like '%* pgq.version(0) - %') then
        raise exception 'schema pgq belongs to an extension that is not ours'
            using errcode = 'wrong_object_type',
                hint = 'programs work with that one, too; to have ours instead: drop extension pgq, then install';
    end if;
end;
$$;

create schema if not exists pgq;
grant usage on schema pgq to public;
