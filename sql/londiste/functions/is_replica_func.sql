create or replace function londiste.is_replica_func(func_oid oid)
returns boolean
language sql
strict stable
as $$
/*
 * londiste.is_replica_func(1) - check whether a trigger function writes to queues.
 *
 * These are the trigger functions of schema pgq, the one for truncates of partitions, and those
 * that native capture generates.
 *
 * Parameters:
 *   func_oid   the function
 * Returns:
 *   true or false
 * Calls:   londiste._is_capture_function
 */
    select exists (
        select 1
          from pg_catalog.pg_proc p
          join pg_catalog.pg_namespace n on n.oid = p.pronamespace
         where p.oid = func_oid
           and (n.nspname = 'pgq' and p.proname in ('sqltriga', 'logutriga', 'jsontriga')
                or n.nspname = 'londiste' and p.proname = '_truncates_partition'))
        or londiste._is_capture_function(func_oid);
$$;
