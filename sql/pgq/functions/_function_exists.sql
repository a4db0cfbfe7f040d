create or replace function pgq._function_exists(i_schema text, i_name text)
returns boolean
language sql
stable
as $$
/*
 * pgq._function_exists(2) - is there a function of that name, with whatever arguments?
 */
select exists (
    select 1
    from pg_catalog.pg_proc p
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = i_schema
      and p.proname = i_name);
$$;
