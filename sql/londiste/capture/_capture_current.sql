create or replace function londiste._capture_current(i_function text, i_columns text)
returns boolean
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_current(2) - does a table still have the columns its capture function was generated for?
 *
 * Internal. Declared immutable on purpose, so that the planner calls it, and not the execution: generated
 * functions have it in the condition of a statement that reads a transition table. The server throws the plan of
 * such a statement away whenever the table's definition changes, and so asks again, and only then.
 *
 * Parameters:
 *   i_function   name of the generated function, without schema
 *   i_columns    what it was generated for, see londiste._capture_columns
 */
    select coalesce(bool_and(londiste._capture_columns(t.tgrelid) = i_columns), false)
      from pg_trigger t
      join pg_proc p on p.oid = t.tgfoid
     where p.pronamespace = 'londiste'::regnamespace
       and p.proname = i_function;
$$;
