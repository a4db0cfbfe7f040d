create or replace function londiste._is_capture_stale(
    i_queue_name text, i_table oid, i_global_name text, i_key text[], i_level text,
    i_hash text)
returns boolean
language sql
stable
as $$
/*
 * londiste._is_capture_stale(6) - would other functions be generated now than the table has?
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table         the local table, which has native capture
 *   i_global_name   its name on all nodes
 *   i_key           its key columns; null: it has no key, and native capture needs one
 *   i_level         statement or row
 *   i_hash          see londiste._capture_hash; null: none
 * Calls:   londiste._capture_body, londiste._capture_settings, londiste._feeds_queue,
 *          londiste._is_capture_function
 */
    select i_key is null or (
        select pg_catalog.count(distinct p.oid) <> 3
               or pg_catalog.bool_or(p.prosrc <> londiste._capture_body(
                      i_queue_name, i_table, i_global_name, i_key, i_level, p.proname::text,
                      i_hash))
               or pg_catalog.bool_or(coalesce(pg_catalog.cardinality(p.proconfig), 0)
                      <> pg_catalog.cardinality(londiste._capture_settings(i_table)))
          from pg_catalog.pg_proc p
         where p.oid in (select g.tgfoid
                           from pg_catalog.pg_trigger g
                          where g.tgrelid = i_table
                            and not g.tgisinternal
                            and londiste._is_capture_function(g.tgfoid)
                            and londiste._feeds_queue(g.tgargs, i_queue_name)));
$$;
