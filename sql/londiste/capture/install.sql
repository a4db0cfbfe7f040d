-- Native capture, see README.md. Needs the functions for names.

-- triggers and their functions
\ir _is_capture_function.sql
\ir _feeds_queue.sql
\ir _trigger_arguments.sql

-- called by capture functions, also by those that earlier releases generated: keep name and meaning
\ir _capture_columns.sql
\ir _capture_current.sql
\ir _capture_idle.sql
\ir _capture_key.sql
\ir _capture_value.sql
\ir _capture_row.sql
\ir _capture_statement.sql
\ir _capture_insert.sql
\ir _capture_begun.sql
\ir _capture_limit.sql

-- which event table
\ir _capture_switch.sql
\ir _queue_trigger.sql

-- generating functions and triggers
\ir _capture_hash.sql
\ir _capture_hash_columns.sql
\ir _capture_hash_call.sql
\ir _create_hash_function.sql
\ir _capture_level.sql
\ir _capture_update_of.sql
\ir _capture_same_key.sql
\ir _capture_settings.sql
\ir _capture_slow_template.sql
\ir _capture_template.sql
\ir _capture_fast_path.sql
\ir _capture_body.sql
\ir _capture_basis.sql
\ir _capture_function_name.sql
\ir _capture_triggers.sql
\ir _capture_obstacle.sql
\ir _create_capture_function.sql
\ir _create_capture_triggers.sql
\ir _drop_capture_triggers.sql

-- status, changes of tables
\ir _capture_requested.sql
\ir _is_capture_stale.sql
\ir _capture_status.sql
\ir _regenerate_triggers.sql
\ir _capture_pause.sql
\ir _capture_resume.sql
\ir _capture_partition.sql
\ir _refresh_capture.sql
