create or replace function pgq._grant_functions(i_role text, i_fallback text, i_names text[])
returns integer
language plpgsql
as $$
/*
 * pgq._grant_functions(3) - restrict functions of schema pgq to a role, all overloads of a name.
 *
 * A role that is created between two installations must not lock applications out. With a
 * fallback, an explicit grant to public is therefore kept. (A new function has no explicit grants.)
 *
 * Parameters:
 *   i_role       role that may call them; the privilege of public is revoked
 *   i_fallback   'public': public may call them if the role does not exist; null: no fallback
 *   i_names      functions
 * Returns:
 *   number of functions found
 * Calls:   pgq._grant
 */
declare
    v_function text;
    v_public boolean;
    v_count integer := 0;
begin
    for v_function, v_public in
        select p.oid::regprocedure::text,
            exists (select 1 from pg_catalog.aclexplode(p.proacl) a where a.grantee = 0)
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'pgq'
          and p.proname = any (i_names)
    loop
        execute 'revoke all on function ' || v_function || ' from public';
        if (not pgq._grant('execute', 'function ' || v_function, i_role) or v_public)
                and i_fallback is not null then
            perform pgq._grant('execute', 'function ' || v_function, i_fallback);
        end if;
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
