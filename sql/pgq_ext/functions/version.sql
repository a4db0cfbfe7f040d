create or replace function pgq_ext.version()
returns text
language sql
as $$
/*
 * pgq_ext.version(0) - return the version of the interface.
 *
 * Returns:
 *   dotted text
 */
select '3.1'::text;
$$;
