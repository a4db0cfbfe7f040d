create or replace function londiste.find_rel_oid(i_fqname text, i_kind text)
returns oid
language sql
strict stable
as $$
/*
 * londiste.find_rel_oid(2) - find the oid of a relation by its full name.
 *
 * Parameters:
 *   i_fqname   full name, unquoted
 *   i_kind     letter as in pg_class.relkind
 * Returns:
 *   oid; null if there is none of that kind
 * Calls:   londiste.split_fqname
 */
    select c.oid
      from londiste.split_fqname(i_fqname) f
      join pg_catalog.pg_namespace n on n.nspname = f.schema_part
      join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = f.name_part
     where c.relkind::text = i_kind;
$$;
