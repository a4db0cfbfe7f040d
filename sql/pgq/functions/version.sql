create or replace function pgq.version()
returns text
language sql
as $$
/*
 * pgq.version(0) - which version of the PgQ interface this schema provides.
 *
 * Returns:
 *   '3.5'; the reference's ticker ignores a database where this is null or sorts before '3'
 */
select '3.5'::text;
$$;
