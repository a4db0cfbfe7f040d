create or replace function londiste._capture_insert(
    i_kind text, i_table oid, i_key text[], i_event_table text, i_sequence text, i_global_name text,
    i_condition text, i_gate text)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
/*
 * londiste._capture_insert(8) - londiste._capture_statement without a hash.
 *
 * Internal; capture functions of tables without a hash call it, also those that earlier releases
 * generated.
 *
 * Parameters and returns: as londiste._capture_statement
 */
    select londiste._capture_statement(
        i_kind, i_table, i_key, i_event_table, i_sequence, i_global_name, i_condition, i_gate,
        null);
$$;
