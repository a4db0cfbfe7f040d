-- Grants of schema pgq_coop: roles that may read queues may use it. If the roles do not exist, only
-- the owner of the schema may.
do $$
declare
    v_function  text;
    v_role      text;
begin
    for v_function in
        select p.oid::pg_catalog.regprocedure::text
          from pg_catalog.pg_proc p
         where p.pronamespace = 'pgq_coop'::pg_catalog.regnamespace
           and p.proname not in ('version', 'jlondiste_release')
    loop
        execute 'revoke all on function ' || v_function || ' from public';
        for v_role in
            select r.rolname from pg_catalog.pg_roles r
             where r.rolname in ('pgq_reader', 'pgq_admin')
               and v_function not like E'pgq\\_coop.\\_%'
        loop
            execute 'grant execute on function ' || v_function
                    || ' to ' || pg_catalog.quote_ident(v_role);
        end loop;
    end loop;
    grant execute on function pgq_coop.version(), pgq_coop.jlondiste_release() to public;
end;
$$;
