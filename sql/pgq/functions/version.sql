create or replace function pgq.version()
returns text
language sql
as $$
/*
 * pgq.version(0) - return the version of the PgQ interface that this schema provides.
 *
 * Returns:
 *   '3.5'; the original pgqd ignores a database where this is null or sorts before '3'
 */
select '3.5'::text;
$$;
