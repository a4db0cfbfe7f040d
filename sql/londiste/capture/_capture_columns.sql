create or replace function londiste._capture_columns(i_table oid)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_columns(1) - the columns of a table as one text.
 *
 * Internal. Capture functions carry this text, so that a change of the columns is noticed.
 *
 * Parameters:
 *   i_table   the local table
 * Returns:
 *   number, name and type of each column
 */
    select coalesce(string_agg(a.attnum::text || ' ' || a.attname::text || ' ' || a.atttypid::text,
                               ',' order by a.attnum), '')
      from pg_attribute a
     where a.attrelid = i_table
       and a.attnum > 0
       and not a.attisdropped;
$$;
