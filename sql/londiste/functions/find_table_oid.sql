create or replace function londiste.find_table_oid(tbl text)
returns oid
language sql
strict stable
as $$
/*
 * londiste.find_table_oid(1) - find the oid of an ordinary table by its full name.
 *
 * Parameters:
 *   tbl   full name, unquoted
 * Returns:
 *   oid; null if there is none
 * Calls:   londiste.find_rel_oid
 */
    select londiste.find_rel_oid(tbl, 'r');
$$;
