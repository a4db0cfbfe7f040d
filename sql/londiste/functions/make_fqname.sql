create or replace function londiste.make_fqname(i_name text)
returns text
language sql
strict immutable
as $$
/*
 * londiste.make_fqname(1) - full name of a table or sequence, as it is stored: schema.name, unquoted.
 *
 * Parameters:
 *   i_name   name; the first dot separates the schema, which is public when there is none
 */
    select case when pg_catalog.strpos(i_name, '.') > 0 then i_name else 'public.' || i_name end;
$$;
