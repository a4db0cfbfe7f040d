create or replace function londiste._table_oid(i_fqname text)
returns oid
language sql
strict stable
as $$
/*
 * londiste._table_oid(1) - find the oid of a table, ordinary or partitioned, by its full name.
 *
 * Internal. londiste._table_oid finds ordinary tables only, as that of Londiste.
 *
 * Parameters:
 *   i_fqname   full name, unquoted
 * Returns:
 *   oid; null: not found
 * Calls:   londiste.find_rel_oid
 */
    select coalesce(londiste.find_rel_oid(i_fqname, 'r'), londiste.find_rel_oid(i_fqname, 'p'));
$$;
