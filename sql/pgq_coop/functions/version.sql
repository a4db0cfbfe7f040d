create or replace function pgq_coop.version()
returns text
language sql
as $$
/*
 * pgq_coop.version(0) - return the version of the interface.
 *
 * Returns:
 *   dotted text
 */
select '3.1.1'::text;
$$;
