create or replace function londiste._skipping_triggers(i_queue_name text, i_table oid)
returns text[]
language sql
stable
as $$
/*
 * londiste._skipping_triggers(2) - triggers on a table that make the server skip row changes.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of a queue: its own trigger is left out, as it is going to be replaced
 *   i_table        the local table
 * Returns:
 *   names of the triggers; null if there are none
 */
    select array_agg(g.tgname::text order by g.tgname)
      from pg_catalog.pg_trigger g
     where g.tgrelid = i_table
       and not g.tgisinternal
       and londiste.is_replica_func(g.tgfoid)
       and position(decode('00', 'hex') || 'SKIP'::bytea || decode('00', 'hex') in g.tgargs) > 0
       -- an earlier call may have given it either name
       and not (g.tgname::text in (londiste._trigger_name('_londiste_' || i_queue_name),
                                   londiste._trigger_name('zzz__londiste_' || i_queue_name))
                and londiste._feeds_queue(g.tgargs, i_queue_name));
$$;
