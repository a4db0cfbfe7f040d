create or replace function londiste._capture_columns(i_table oid)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_columns(1) - what native capture was made for: the columns of a table, one text.
 *
 * Internal. Generated functions carry this text and find out by it that the table has changed.
 *
 * Parameters:
 *   i_table   the local table
 */
    select coalesce(string_agg(a.attnum::text || ' ' || a.attname::text || ' ' || a.atttypid::text, ',' order by a.attnum), '')
      from pg_attribute a
     where a.attrelid = i_table
       and a.attnum > 0
       and not a.attisdropped;
$$;
