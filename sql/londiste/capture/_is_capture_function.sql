create or replace function londiste._is_capture_function(i_function oid)
returns boolean
language sql
strict stable
as $$
/*
 * londiste._is_capture_function(1) - is this a trigger function that native capture generated?
 *
 * Internal.
 *
 * Parameters:
 *   i_function   the function
 */
    select exists (
        select 1
          from pg_catalog.pg_proc p
          join pg_catalog.pg_namespace n on n.oid = p.pronamespace
         where p.oid = i_function
           and n.nspname = 'londiste'
           and p.proname like E'\\_native\\_%'
           and p.prorettype = 'pg_catalog.trigger'::pg_catalog.regtype);
$$;
