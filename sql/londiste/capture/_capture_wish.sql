create or replace function londiste._capture_wish(i_queue_name text, i_table_name text)
returns text
language sql
stable
as $$
/*
 * londiste._capture_wish(2) - with which option capture= a table was added.
 *
 * Internal.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table_name   global name of the table
 * Returns:
 *   auto, statement or row; null when it has no triggers of native capture
 */
    select pg_catalog.max(pg_catalog.substr(a.arg, 9))
      from londiste.table_info t
      join pg_catalog.pg_trigger g on g.tgrelid = londiste.find_table_oid(coalesce(t.dest_table, t.table_name))
      cross join lateral pg_catalog.unnest(pg_catalog.string_to_array(pg_catalog.encode(g.tgargs, 'escape'), E'\\000'))
          with ordinality as a (arg, nr)
     where t.queue_name = i_queue_name
       and t.table_name = i_table_name
       and londiste._is_capture(g.tgfoid)
       and (pg_catalog.string_to_array(pg_catalog.encode(g.tgargs, 'escape'), E'\\000'))[1]
           = pg_catalog.encode(pg_catalog.convert_to(i_queue_name, pg_catalog.getdatabaseencoding()), 'escape')
       and a.nr > 1
       and a.arg like 'capture=%';
$$;
