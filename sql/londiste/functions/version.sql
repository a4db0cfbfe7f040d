create or replace function londiste.version()
returns text
language sql
as $$
/*
 * londiste.version(0) - return the version of the interface that this schema implements.
 *
 * Returns:
 *   dotted integers, never null; workers compare with 3.7 to decide how to restore foreign keys
 */
    select '3.8'::text;
$$;
