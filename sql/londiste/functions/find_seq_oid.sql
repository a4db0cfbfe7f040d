create or replace function londiste.find_seq_oid(seq text)
returns oid
language sql
strict stable
as $$
/*
 * londiste.find_seq_oid(1) - oid of a sequence, by its full name.
 *
 * Parameters:
 *   seq   full name, unquoted
 * Returns:
 *   oid, null when there is none
 */
    select londiste.find_rel_oid(seq, 'S');
$$;
