create or replace function londiste._has_triggers(i_queue_name text, i_table oid)
returns boolean
language sql
stable
as $$
/*
 * londiste._has_triggers(2) - are row changes of a table captured into a queue, or denied?
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table        a local table
 * Calls:   londiste.is_replica_func, _feeds_queue
 */
    select exists (
        select 1
          from pg_catalog.pg_trigger g
         where g.tgrelid = i_table
           and not g.tgisinternal
           and londiste.is_replica_func(g.tgfoid)
           and londiste._feeds_queue(g.tgargs, i_queue_name)
           -- 4 insert, 8 delete, 16 update
           and g.tgtype & (4 | 8 | 16) <> 0);
$$;
