create or replace function pgq_node.version()
returns text
language sql
as $$
/*
 * pgq_node.version(0) - return the version of the interface that this schema implements.
 *
 * Returns:
 *   dotted text, never null
 */
    select '3.5'::text;
$$;
