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
\ir partitions/_table_oid.sql
\ir functions/_find_key.sql
\ir partitions/_row_tables.sql

-- native capture
\ir capture/install.sql

-- helpers
\ir functions/version.sql
\ir functions/jlondiste_release.sql
\ir functions/upgrade_schema.sql
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
\ir functions/_trigger_options.sql
\ir functions/_skipping_triggers.sql
\ir functions/_create_compatible_triggers.sql
\ir functions/create_trigger.sql
\ir functions/drop_table_triggers.sql
\ir functions/_release_dropped_ddl.sql
\ir functions/table_info_trigger.sql
\ir functions/global_add_table.sql
\ir functions/global_remove_table.sql
\ir functions/_add_table_options.sql
\ir functions/_table_obstacle.sql
\ir functions/_register_table.sql
\ir functions/_merge_table.sql
\ir functions/_triggers_before.sql
\ir functions/local_add_table.sql
\ir functions/local_remove_table.sql
\ir functions/local_set_table_attrs.sql
\ir functions/local_set_table_state.sql
\ir functions/local_set_table_struct.sql
\ir functions/local_change_handler.sql
\ir functions/local_show_missing.sql

-- partitioned tables
\ir partitions/install.sql

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
\ir capture/upgrade.sql
\ir roles.sql
\ir grants.sql
