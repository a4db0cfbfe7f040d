-- Schema londiste: replicated tables and sequences. Requires schemas pgq and pgq_node. Run this
-- file again to upgrade.

\ir tables.sql

-- names
\ir functions/make_fqname.sql
\ir functions/split_fqname.sql
\ir functions/quote_fqname.sql
\ir functions/find_rel_oid.sql
\ir functions/find_table_oid.sql
\ir functions/find_seq_oid.sql
\ir functions/find_column_types.sql
\ir functions/_find_key.sql

-- helpers
\ir functions/version.sql
\ir functions/jlondiste_release.sql
\ir functions/upgrade_schema.sql
\ir functions/_is_capture.sql
\ir functions/is_replica_func.sql
\ir functions/root_notify_change.sql
\ir functions/set_session_replication_role.sql

-- sequences
\ir functions/_seq_settings.sql
\ir functions/_seq_publish.sql
\ir functions/_seq_follow.sql
\ir functions/get_seq_list.sql
\ir functions/root_check_seqs.sql
\ir functions/global_update_seq.sql
\ir functions/global_remove_seq.sql
\ir functions/local_add_seq.sql
\ir functions/local_remove_seq.sql

-- tables
\ir functions/_coordinate_copy.sql
\ir functions/get_table_list.sql
\ir functions/_trigger_name.sql
\ir functions/_capture_key.sql
\ir functions/_capture_columns.sql
\ir functions/_capture_current.sql
\ir functions/_capture_begun.sql
\ir functions/_capture_switch.sql
\ir functions/_queue_trigger.sql
\ir functions/_capture_idle.sql
\ir functions/_capture_limit.sql
\ir functions/_capture_level.sql
\ir functions/_capture_settings.sql
\ir functions/_capture_value.sql
\ir functions/_capture_watch.sql
\ir functions/_capture_insert.sql
\ir functions/_capture_body.sql
\ir functions/_create_capture.sql
\ir functions/_drop_capture.sql
\ir functions/create_trigger.sql
\ir functions/_capture_status.sql
\ir functions/_capture_again.sql
\ir functions/_capture_wish.sql
\ir functions/_capture_pause.sql
\ir functions/_capture_resume.sql
\ir functions/drop_table_triggers.sql
\ir functions/table_info_trigger.sql
\ir functions/global_add_table.sql
\ir functions/global_remove_table.sql
\ir functions/local_add_table.sql
\ir functions/local_remove_table.sql
\ir functions/local_set_table_attrs.sql
\ir functions/local_set_table_state.sql
\ir functions/local_set_table_struct.sql
\ir functions/local_change_handler.sql
\ir functions/local_show_missing.sql

-- DDL scripts
\ir functions/execute_start.sql
\ir functions/execute_finish.sql
\ir functions/periodic_maintenance.sql

-- foreign keys
\ir functions/find_table_fkeys.sql
\ir functions/drop_table_fkey.sql
\ir functions/get_table_pending_fkeys.sql
\ir functions/get_valid_pending_fkeys.sql
\ir functions/restore_table_fkey.sql

-- partitions
\ir functions/create_partition.sql
\ir functions/_partition_format.sql
\ir functions/is_obsolete_partition.sql
\ir functions/list_obsolete_partitions.sql
\ir functions/drop_obsolete_partitions.sql

\ir triggers.sql
\ir roles.sql
\ir grants.sql
