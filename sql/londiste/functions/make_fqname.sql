create or replace function londiste.make_fqname(i_name text)
returns text
language sql
strict immutable
as $$
/*
 * londiste.make_fqname(1) - return the full name of a table or sequence: schema.name, unquoted.
 *
 * Parameters:
 *   i_name   name; the part before the first dot is the schema, public if there is no dot
 * Returns:
 *   full name, as tables of this schema store it
 */
    select case when pg_catalog.strpos(i_name, '.') > 0 then i_name else 'public.' || i_name end;
$$;
