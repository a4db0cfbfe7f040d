create or replace function pgq._grant_functions(i_role text, i_fallback text, i_names text[])
returns integer
language plpgsql
as $$
/*
 * pgq._grant_functions(3) - say who may call functions of schema pgq, all overloads of a name.
 *
 * Parameters:
 *   i_role       role that may; nobody else, unless another call says so
 *   i_fallback   'public': everybody may while that role does not exist; null: nobody
 *   i_names      functions
 * Returns:
 *   number of functions found
 * Calls:   pgq._grant
 */
declare
    v_function text;
    v_count integer := 0;
begin
    for v_function in
        select p.oid::regprocedure::text
        from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'pgq'
          and p.proname = any (i_names)
    loop
        execute 'revoke all on function ' || v_function || ' from public';
        if not pgq._grant('execute', 'function ' || v_function, i_role) and i_fallback is not null then
            perform pgq._grant('execute', 'function ' || v_function, i_fallback);
        end if;
        v_count := v_count + 1;
    end loop;
    return v_count;
end;
$$;
