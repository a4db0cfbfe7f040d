create or replace function londiste._capture_requested(i_queue_name text, i_table_name text)
returns text
language sql
stable
as $$
/*
 * londiste._capture_requested(2) - the option capture= with which a table's triggers were created.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table
 * Returns:
 *   auto, statement or row; null if the table has no triggers of native capture
 */
    select pg_catalog.max(pg_catalog.substr(a.arg, 9))
      from londiste.table_info t
      cross join lateral londiste._row_tables(
          londiste._table_oid(coalesce(t.dest_table, t.table_name))) r (oid)
      join pg_catalog.pg_trigger g on g.tgrelid = r.oid
      cross join lateral pg_catalog.unnest(londiste._trigger_arguments(g.tgargs))
          with ordinality as a (arg, nr)
     where t.queue_name = i_queue_name
       and t.table_name = i_table_name
       and londiste._is_capture_function(g.tgfoid)
       and londiste._feeds_queue(g.tgargs, i_queue_name)
       and a.nr > 1
       and a.arg like 'capture=%';
$$;
