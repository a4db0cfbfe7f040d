create or replace function londiste._capture_hash_columns(i_table oid, i_hash text)
returns text[]
language sql
stable
as $$
/*
 * londiste._capture_hash_columns(2) - the columns that a hash depends on.
 *
 * Internal.
 *
 * Parameters:
 *   i_table   the local table
 *   i_hash    see londiste._capture_hash
 * Returns:
 *   column names, in the order of the table; empty if there is no hash
 * Calls:   pgq._trigger_expression
 */
    select array(
        select a.attname::text
          from pg_catalog.pg_attribute a
         where a.attrelid = i_table
           and a.attnum > 0
           and not a.attisdropped
           and i_hash is not null
           and pgq._trigger_expression(i_hash, array[a.attname::text])
               <> pgq._trigger_expression(i_hash, array[]::text[])
         order by a.attnum);
$$;
