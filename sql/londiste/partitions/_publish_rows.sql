create or replace function londiste._publish_rows(
    i_queue_name text, i_table oid, i_global_name text, i_key text[], i_kind text,
    i_condition text)
returns bigint
language plpgsql
-- as in capture functions: values without loss
set search_path = pg_catalog, pg_temp
set DateStyle = 'ISO, MDY'
set IntervalStyle = postgres
set bytea_output = hex
set extra_float_digits = 3
set lc_monetary = 'C'
as $$
/*
 * londiste._publish_rows(6) - write events for rows that a table has now.
 *
 * Internal. The caller has excluded writers, so that no other event of these rows comes between.
 *
 * Parameters:
 *   i_queue_name    name of the queue
 *   i_table         the table or partition that is read; with its partitions, without children
 *   i_global_name   name of the replicated table on all nodes
 *   i_key           its key columns
 *   i_kind          insert, delete: an event for each row; safe insert: DELETE and INSERT, right
 *                   whether subscribers have the row or not
 *   i_condition     SQL: of which rows; null: all
 * Returns:
 *   number of rows
 * Errors:
 *   Insert into queue disallowed   the node is not the root
 * Calls:   londiste._capture_statement, _capture_hash, _capture_hash_call,
 *          _capture_function_name, _trigger_arguments
 */
declare
    v_rows      text;
    v_hash      text;
    v_events    bigint;
    q           record;
begin
    -- of a table with handler shard: as its triggers write it
    select londiste._capture_hash_call(
               i_table, londiste._capture_function_name(i_queue_name, i_table),
               londiste._capture_hash(londiste._trigger_arguments(g.tgargs)))
      into v_hash
      from pg_trigger g
     where g.tgrelid = i_table
       and not g.tgisinternal
       and londiste._is_capture_function(g.tgfoid)
       and londiste._feeds_queue(g.tgargs, i_queue_name)
     limit 1;
    select * into strict q from pgq.queue x where x.queue_name = i_queue_name;
    if q.queue_disable_insert then
        raise exception 'Insert into queue disallowed' using detail = 'Queue: ' || i_queue_name;
    end if;
    select '(select * from ' || case c.relkind when 'p' then '' else 'only ' end
           || quote_ident(n.nspname) || '.' || quote_ident(c.relname)
           || coalesce(' where ' || i_condition, '') || ')'
      into strict v_rows
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.oid = i_table;
    execute 'with ' || case i_kind when 'delete' then 'oldrows' else 'newrows' end
            || ' as ' || v_rows || ' '
            || londiste._capture_statement(
                   i_kind, i_table, i_key,
                   pgq.quote_fqname(q.queue_data_pfx || '_' || q.queue_cur_table),
                   pgq.quote_fqname(q.queue_event_seq), i_global_name, null, null, v_hash);
    get diagnostics v_events = row_count;
    return case i_kind when 'safe insert' then v_events / 2 else v_events end;
end;
$$;
