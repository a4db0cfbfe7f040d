create or replace function pgq_coop.version()
returns text
language sql
as $$
/*
 * pgq_coop.version(0) - version of the interface.
 */
select '3.1.1'::text;
$$;
