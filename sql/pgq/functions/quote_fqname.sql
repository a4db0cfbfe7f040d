create or replace function pgq.quote_fqname(i_name text)
returns text
language plpgsql
immutable strict
as $$
/*
 * pgq.quote_fqname(1) - quote an unquoted, possibly schema-qualified name for use in SQL.
 *
 * Parameters:
 *   i_name   name; the part before the first dot is the schema, 'public' if there is no dot
 * Returns:
 *   "schema"."name", quoted where needed
 */
declare
    v_dot integer := pg_catalog.strpos(i_name, '.');
begin
    if v_dot = 0 then
        return 'public.' || pg_catalog.quote_ident(i_name);
    end if;
    return pg_catalog.quote_ident(pg_catalog.substr(i_name, 1, v_dot - 1))
        || '.' || pg_catalog.quote_ident(pg_catalog.substr(i_name, v_dot + 1));
end;
$$;
