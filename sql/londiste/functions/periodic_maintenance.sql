create or replace function londiste.periodic_maintenance()
returns integer
language plpgsql
as $$
/*
 * londiste.periodic_maintenance(0) - delete DDL scripts that ran more than 3 months ago.
 *
 * Returns:
 *   0
 * Writes:  londiste.applied_execute (delete)
 */
begin
    delete from londiste.applied_execute x
     where x.execute_time < now() - '3 months'::interval;

    return 0;
end;
$$;
