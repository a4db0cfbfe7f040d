create or replace function londiste._create_capture_function(
    i_table oid, i_function text, i_body text)
returns void
language plpgsql
as $$
/*
 * londiste._create_capture_function(3) - create one of a table's capture functions, or replace it.
 *
 * Internal. The owner of schema londiste owns it and no other role may execute it: it could be made
 * a trigger of another table.
 *
 * Parameters:
 *   i_table      the local table
 *   i_function   name of the function, without schema
 *   i_body       see londiste._capture_body
 * Calls:   londiste._capture_settings
 * Writes:  the function, in schema londiste
 */
declare
    v_function  constant text := 'londiste.' || quote_ident(i_function) || '()';
    v_settings  text;
begin
    select pg_catalog.string_agg(
               ' set ' || pg_catalog.split_part(s.setting, '=', 1) || ' = '
               || case when s.setting like 'search_path=%'
                       then pg_catalog.split_part(s.setting, '=', 2)
                       else quote_literal(pg_catalog.split_part(s.setting, '=', 2)) end, '')
      into v_settings
      from pg_catalog.unnest(londiste._capture_settings(i_table)) as s (setting);
    execute 'create or replace function ' || v_function
            || ' returns trigger language plpgsql security definer' || coalesce(v_settings, '')
            || ' as ' || quote_literal(i_body);
    execute 'alter function ' || v_function || ' owner to '
            || (select quote_ident(pg_catalog.pg_get_userbyid(n.nspowner))
                  from pg_catalog.pg_namespace n where n.nspname = 'londiste');
    execute 'revoke all on function ' || v_function || ' from public';
end;
$$;
