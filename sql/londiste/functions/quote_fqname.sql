create or replace function londiste.quote_fqname(i_name text)
returns text
language sql
strict immutable
as $$
/*
 * londiste.quote_fqname(1) - quote a stored name for use in SQL.
 *
 * Parameters:
 *   i_name   name; the part before the first dot is the schema, public if there is no dot
 * Returns:
 *   "schema"."name", quoted where needed
 * Calls:   londiste.split_fqname
 */
    select pg_catalog.quote_ident(f.schema_part) || '.' || pg_catalog.quote_ident(f.name_part)
      from londiste.split_fqname(i_name) f;
$$;
