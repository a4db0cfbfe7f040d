create or replace function pgq_ext.version()
returns text
language sql
as $$
/*
 * pgq_ext.version(0) - version of the interface.
 */
select '3.1'::text;
$$;
