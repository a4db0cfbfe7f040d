-- Grants of schema pgq_ext: consumers need role pgq_writer. If it does not exist, only the owner of
-- the schema may call the functions.
do $$
declare
    v_function text;
begin
    for v_function in
        select p.oid::regprocedure::text
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'pgq_ext'
          and p.proname not in ('version', 'jlondiste_release')
    loop
        execute 'revoke all on function ' || v_function || ' from public';
        if exists (select 1 from pg_catalog.pg_roles where rolname = 'pgq_writer') then
            execute 'grant execute on function ' || v_function || ' to pgq_writer';
        end if;
    end loop;
    grant execute on function pgq_ext.version(), pgq_ext.jlondiste_release() to public;
end;
$$;
