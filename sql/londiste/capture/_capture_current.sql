create or replace function londiste._capture_current(i_function text, i_columns text)
returns boolean
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_current(2) - does a table still have the columns its capture function has?
 *
 * Internal; capture functions of earlier releases call it, too. Declared immutable although it
 * reads the catalog: the planner has to call it, not the executor. Capture functions have it in the
 * condition of a statement that reads a transition table. The server discards the plan of such a
 * statement whenever the table's definition changes, so the condition is evaluated again then, and
 * only then.
 *
 * Parameters:
 *   i_function   name of the capture function, without schema
 *   i_columns    the columns it was generated for, see londiste._capture_columns
 */
    select coalesce(bool_and(londiste._capture_columns(t.tgrelid) = i_columns), false)
      from pg_trigger t
      join pg_proc p on p.oid = t.tgfoid
     where p.pronamespace = 'londiste'::regnamespace
       and p.proname = i_function;
$$;
