/*
 * Grants of schema pgq, with the groups of the original PgQ. If the roles do not exist, public may
 * call the functions that write events (otherwise applications could not change replicated tables);
 * the rest is left to the owner of the schema.
 */
do $$
declare
    v_table text;
begin
    perform pgq._grant_functions('public', null, array[
        'seq_getval', 'get_queue_info', 'get_consumer_info', 'quote_fqname', 'version',
        'jlondiste_release', '_session_role', '_urlencode', '_function_exists', '_notify_tick',
        '_has_late_events', '_txid', '_trigger_idle', '_trigger_plan', '_trigger_expression',
        '_trigger_value', '_trigger_when', '_trigger_text', '_trigger_changed', '_trigger_pair',
        '_trigger_type', '_trigger_data', '_trigger_field', '_equality_operator', '_listed']);

    perform pgq._grant_functions('pgq_reader', null, array[
        'batch_event_sql', 'batch_event_tables', 'find_tick_helper',
        'register_consumer', 'register_consumer_at', 'unregister_consumer',
        'next_batch', 'next_batch_info', 'next_batch_custom',
        'get_batch_events', 'get_batch_info', 'get_batch_cursor',
        'event_retry', 'batch_retry', 'force_tick', 'finish_batch']);

    perform pgq._grant_functions('pgq_writer', 'public', array[
        'insert_event', 'current_event_table', 'jsontriga', 'sqltriga', 'logutriga']);

    perform pgq._grant_functions('pgq_admin', null, array[
        'ticker', '_ticker', '_commit_durably', '_rotates_early', 'maint_operations',
        'maint_retry_events', 'maint_rotate_tables_step1', 'maint_rotate_tables_step2',
        'maint_tables_to_vacuum', 'upgrade_schema', 'grant_perms', '_grant_perms_from',
        'tune_storage', 'seq_setval', 'create_queue', 'drop_queue', 'set_queue_config',
        'insert_event_raw', 'event_retry_raw',
        '_create_role', '_grant_role', '_grant', '_grant_functions']);

    foreach v_table in array array['pgq.consumer', 'pgq.queue', 'pgq.tick', 'pgq.subscription'] loop
        perform pgq._grant('select', v_table, 'public');
        perform pgq._grant('select', v_table, 'pgq_reader');
        perform pgq._grant('select, insert, update, delete', v_table, 'pgq_admin');
    end loop;
    perform pgq._grant('select', 'pgq.event_template', 'pgq_reader');
    perform pgq._grant('select, insert, truncate', 'pgq.event_template', 'pgq_admin');
    perform pgq._grant('select, insert, update, delete', 'pgq.retry_queue', 'pgq_admin');

    -- existing queues: roles may have been created since
    perform pgq.grant_perms(q.queue_name) from pgq.queue q;
end;
$$;
