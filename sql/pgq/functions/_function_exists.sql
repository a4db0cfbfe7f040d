create or replace function pgq._function_exists(i_schema text, i_name text)
returns boolean
language sql
stable
as $$
/*
 * pgq._function_exists(2) - check whether a function of that name exists, with any arguments.
 *
 * Parameters:
 *   i_schema   schema
 *   i_name     name
 * Returns:
 *   true or false
 */
select exists (
    select 1
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = i_schema
      and p.proname = i_name);
$$;
