create or replace function londiste._partition_key(i_queue_name text, i_part oid)
returns text[]
language sql
stable
as $$
/*
 * londiste._partition_key(2) - the key columns with which the changes of a partition are captured.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_part         the partition
 * Returns:
 *   those of the trigger's option pkey=, otherwise those of the primary key; null: not found
 * Calls:   londiste._capture_key, _feeds_queue, _trigger_arguments
 */
    select londiste._capture_key(
        i_part,
        (select pg_catalog.max(pg_catalog.substr(a.arg, 6))
           from pg_catalog.pg_trigger g
           cross join lateral pg_catalog.unnest(londiste._trigger_arguments(g.tgargs)) as a (arg)
          where g.tgrelid = i_part
            and not g.tgisinternal
            and londiste.is_replica_func(g.tgfoid)
            and londiste._feeds_queue(g.tgargs, i_queue_name)
            and a.arg like 'pkey=%'));
$$;
