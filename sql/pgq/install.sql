/*
 * Schema pgq: queues in the database. Triggers insert events; consumers read batches between ticks.
 */
\ir schema.sql

-- no tables needed
\ir functions/version.sql
\ir functions/jlondiste_release.sql
\ir functions/quote_fqname.sql
\ir functions/_session_role.sql
\ir functions/_function_exists.sql
\ir functions/_create_role.sql
\ir functions/_grant_role.sql
\ir functions/_grant.sql
\ir functions/_grant_functions.sql
\ir functions/_grant_perms_from.sql
\ir functions/upgrade_schema.sql

\ir tables.sql
\ir roles.sql

-- writing events
\ir functions/seq_getval.sql
\ir functions/seq_setval.sql
\ir functions/insert_event_raw.sql
\ir functions/insert_event.sql
\ir functions/current_event_table.sql

-- row changes become events
\ir functions/_urlencode.sql
\ir functions/_equality_operator.sql
\ir functions/_listed.sql
\ir functions/_trigger_expression.sql
\ir functions/_trigger_value.sql
\ir functions/_trigger_when.sql
\ir functions/_trigger_idle.sql
\ir functions/_trigger_text.sql
\ir functions/_trigger_changed.sql
\ir functions/_trigger_pair.sql
\ir functions/_trigger_type.sql
\ir functions/_trigger_data.sql
\ir functions/_trigger_field.sql
\ir functions/_trigger_plan.sql
\ir triggers/logutriga.sql
\ir triggers/jsontriga.sql
\ir triggers/sqltriga.sql

-- ticks
\ir functions/_notify_tick.sql
\ir functions/_commit_durably.sql
\ir functions/_txid.sql
\ir functions/_has_late_events.sql
\ir functions/ticker.sql
\ir functions/force_tick.sql

-- queues
\ir functions/grant_perms.sql
\ir functions/tune_storage.sql
\ir functions/create_queue.sql
\ir functions/drop_queue.sql
\ir functions/set_queue_config.sql
\ir functions/get_queue_info.sql

-- consumers
\ir functions/register_consumer_at.sql
\ir functions/register_consumer.sql
\ir functions/unregister_consumer.sql
\ir functions/get_consumer_info.sql

-- batches
\ir functions/find_tick_helper.sql
\ir functions/next_batch_custom.sql
\ir functions/next_batch_info.sql
\ir functions/next_batch.sql
\ir functions/batch_event_tables.sql
\ir functions/batch_event_sql.sql
\ir functions/get_batch_events.sql
\ir functions/get_batch_cursor.sql
\ir functions/get_batch_info.sql
\ir functions/finish_batch.sql
\ir functions/event_retry.sql
\ir functions/event_retry_raw.sql
\ir functions/batch_retry.sql

-- maintenance
\ir functions/_rotates_early.sql
\ir functions/maint_rotate_tables_step1.sql
\ir functions/maint_rotate_tables_step2.sql
\ir functions/maint_retry_events.sql
\ir functions/maint_tables_to_vacuum.sql
\ir functions/maint_operations.sql

\ir grants.sql
