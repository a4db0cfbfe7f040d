create or replace function londiste.jlondiste_release()
returns text
language sql
immutable
as $$
/*
 * londiste.jlondiste_release(0) - return the release of the SQL of this schema.
 *
 * Returns:
 *   dotted version; see pgq.jlondiste_release()
 */
select '1.1.0'::text;
$$;
