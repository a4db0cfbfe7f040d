create or replace function londiste.quote_fqname(i_name text)
returns text
language sql
strict immutable
as $$
/*
 * londiste.quote_fqname(1) - a stored name, quoted for use in SQL.
 *
 * Parameters:
 *   i_name   name; the first dot separates the schema, which is public when there is none
 */
    select pg_catalog.quote_ident(f.schema_part) || '.' || pg_catalog.quote_ident(f.name_part)
      from londiste.split_fqname(i_name) f;
$$;
