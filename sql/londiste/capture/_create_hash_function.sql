create or replace function londiste._create_hash_function(
    i_table oid, i_function text, i_hash text)
returns void
language plpgsql
as $$
/*
 * londiste._create_hash_function(3) - create the function that computes the hash of a table's rows.
 *
 * Internal. Capture functions run with the rights of the owner of schema londiste, which an
 * expression of a trigger must not have: it belongs to the table. So this function has the rights
 * of the table's owner, and the present search_path.
 *
 * Parameters:
 *   i_table      the local table
 *   i_function   name of the table's capture functions, without schema and suffix
 *   i_hash       see londiste._capture_hash
 * Errors:
 *   any, if the expression cannot be evaluated with these rights, or if the role of this session
 *   may not give the function to the table's owner
 * Calls:   londiste._capture_hash_call, londiste._capture_hash_columns
 * Writes:  the function, in schema londiste
 */
declare
    v_columns   constant text[] := londiste._capture_hash_columns(i_table, i_hash);
    v_body      constant text :=
        E'\nbegin\n    return (' || i_hash || E'\n    )::pg_catalog.text;\nend;\n';
    v_path      constant text := pg_catalog.concat_ws(
        ', ',
        (select pg_catalog.string_agg(quote_ident(s.name), ', ' order by s.nr)
           from pg_catalog.unnest(pg_catalog.current_schemas(false))
                    with ordinality as s (name, nr)
          where s.name not like E'pg\\_temp%'),
        'pg_temp');
    v_parameters text;
    v_types     text;
    v_owner     oid;
    v_function  text;
    r           record;
begin
    select coalesce(pg_catalog.string_agg(
                        quote_ident(a.attname) || ' '
                        || pg_catalog.format_type(a.atttypid, null), ', ' order by a.attnum), ''),
           coalesce(pg_catalog.string_agg(
                        pg_catalog.format_type(a.atttypid, null), ', ' order by a.attnum), '')
      into v_parameters, v_types
      from pg_catalog.pg_attribute a
     where a.attrelid = i_table
       and a.attname = any (v_columns)
       and a.attnum > 0;
    select c.relowner into v_owner from pg_catalog.pg_class c where c.oid = i_table;
    v_function := 'londiste.' || quote_ident(i_function || '__hash') || '(' || v_types || ')';

    -- of other types, or of another owner: only its owner could replace it
    for r in
        select p.oid::pg_catalog.regprocedure::text as function
          from pg_catalog.pg_proc p
         where p.pronamespace = 'londiste'::pg_catalog.regnamespace
           and p.proname::text = i_function || '__hash'
           and (p.proowner <> v_owner
                or p.oid is distinct from to_regprocedure(v_function)::oid)
    loop
        execute 'drop function ' || r.function;
    end loop;

    perform 1
       from pg_catalog.pg_proc p
      where p.oid = to_regprocedure(v_function)
        and p.prosrc = v_body
        and p.proconfig = array['search_path=' || v_path];
    if not found then
        execute 'create or replace function londiste.' || quote_ident(i_function || '__hash')
                || '(' || v_parameters || ') returns pg_catalog.text'
                || ' language plpgsql stable security definer set search_path = ' || v_path
                || ' as ' || quote_literal(v_body);
        execute 'revoke all on function ' || v_function || ' from public';
        execute 'grant execute on function ' || v_function || ' to '
                || (select quote_ident(pg_catalog.pg_get_userbyid(n.nspowner))
                      from pg_catalog.pg_namespace n where n.nspname = 'londiste');
        execute 'alter function ' || v_function || ' owner to '
                || quote_ident(pg_catalog.pg_get_userbyid(v_owner));
    end if;

    -- a row of nulls: compiles the expression, and checks the rights of the owner
    execute 'select ' || londiste._capture_hash_call(i_table, i_function, i_hash)
            || ' from (select '
            || coalesce((select pg_catalog.string_agg(
                                    'null::' || pg_catalog.format_type(a.atttypid, null) || ' as '
                                    || quote_ident(a.attname), ', ')
                           from pg_catalog.pg_attribute a
                          where a.attrelid = i_table
                            and a.attname = any (v_columns)
                            and a.attnum > 0), '')
            || ') as _row';
end;
$$;
