create or replace function londiste._capture_hash_call(
    i_table oid, i_function text, i_hash text)
returns text
language sql
stable
as $$
/*
 * londiste._capture_hash_call(3) - SQL for the hash of a row, see
 * londiste._create_hash_function.
 *
 * Internal.
 *
 * Parameters:
 *   i_table      the local table
 *   i_function   name of the table's capture functions, without schema and suffix
 *   i_hash       see londiste._capture_hash
 * Returns:
 *   an expression of type text, from columns in scope; null if there is no hash
 * Calls:   londiste._capture_hash_columns
 */
    select 'londiste.' || pg_catalog.quote_ident(i_function || '__hash') || '('
           || coalesce((select pg_catalog.string_agg(pg_catalog.quote_ident(c.name), ', '
                                                     order by c.nr)
                          from pg_catalog.unnest(londiste._capture_hash_columns(i_table, i_hash))
                                   with ordinality as c (name, nr)), '')
           || ')'
     where i_hash is not null;
$$;
