create or replace function londiste.find_table_oid(tbl text)
returns oid
language sql
strict stable
as $$
/*
 * londiste.find_table_oid(1) - oid of an ordinary table, by its full name.
 *
 * Parameters:
 *   tbl   full name, unquoted
 * Returns:
 *   oid, null when there is none
 */
    select londiste.find_rel_oid(tbl, 'r');
$$;
