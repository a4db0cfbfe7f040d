create or replace function londiste._capture_function_name(i_queue_name text, i_table oid)
returns text
language sql
stable
as $$
/*
 * londiste._capture_function_name(2) - the name that a table's capture functions begin with.
 *
 * Internal. The functions for INSERT and UPDATE have __insert and __update behind it. A table that
 * is renamed keeps the name.
 *
 * Parameters:
 *   i_queue_name   name of the queue
 *   i_table        the local table
 * Returns:
 *   a name of at most 55 bytes, without schema
 */
    select coalesce(
        (select pg_catalog.regexp_replace(p.proname::text, '__(insert|update)$', '')
           from pg_catalog.pg_trigger t
           join pg_catalog.pg_proc p on p.oid = t.tgfoid
          where t.tgrelid = i_table
            and not t.tgisinternal
            and londiste._is_capture_function(t.tgfoid)
            and londiste._feeds_queue(t.tgargs, i_queue_name)
            and pg_catalog.length(
                    pg_catalog.regexp_replace(p.proname::text, '__(insert|update)$', '')) <= 55
          limit 1),
        (select '_native_'
                || pg_catalog.left(pg_catalog.regexp_replace(
                       pg_catalog.lower(c.relname::text), '[^a-z0-9_]', '_', 'g'), 30)
                || '_'
                || pg_catalog.left(pg_catalog.md5(
                       i_queue_name || ' ' || i_table::text || ' '
                       || pg_catalog.quote_ident(n.nspname) || '.'
                       || pg_catalog.quote_ident(c.relname)), 12)
           from pg_catalog.pg_class c
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where c.oid = i_table));
$$;
