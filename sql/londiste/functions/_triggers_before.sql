create or replace function londiste._triggers_before(i_table oid, i_trigger text)
returns text
language sql
stable
as $$
/*
 * londiste._triggers_before(2) - triggers of an application that fire before a capture trigger.
 *
 * Internal. AFTER triggers fire in the order of their names. If one of these changes other tables,
 * its events are written before the event of the row change that caused them.
 *
 * Parameters:
 *   i_table     the local table
 *   i_trigger   name of the capture trigger
 * Returns:
 *   names, joined by comma; null if there are none
 */
    select string_agg(g.tgname::text, ', ' order by g.tgname)
      from pg_catalog.pg_trigger g
      join pg_catalog.pg_trigger own
        on own.tgrelid = g.tgrelid and own.tgname::text = i_trigger
     where g.tgrelid = i_table
       and not g.tgisinternal
       and not londiste.is_replica_func(g.tgfoid)
       and g.tgname < own.tgname
       -- 1 = for each row; neither before (2) nor instead of (64)
       and g.tgtype & (1 | 2 | 64) = 1
       and own.tgtype & (1 | 2 | 64) = 1;
$$;
