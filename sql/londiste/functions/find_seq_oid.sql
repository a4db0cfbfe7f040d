create or replace function londiste.find_seq_oid(seq text)
returns oid
language sql
strict stable
as $$
/*
 * londiste.find_seq_oid(1) - find the oid of a sequence by its full name.
 *
 * Parameters:
 *   seq   full name, unquoted
 * Returns:
 *   oid; null if there is none
 * Calls:   londiste.find_rel_oid
 */
    select londiste.find_rel_oid(seq, 'S');
$$;
