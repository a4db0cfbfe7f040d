-- Replicated tables that are partitioned, see src/docs/partitions.md. Needs the functions for names
-- and triggers.

\ir _partitions.sql
\ir _partition_condition.sql
\ir _partition_bounds.sql
\ir _shares_rows.sql
\ir _is_partition_of.sql
\ir _has_partition_keys.sql
\ir _has_triggers.sql
\ir _drop_triggers.sql
\ir _partition_key.sql
\ir _publish_rows.sql
\ir _publish_deletion.sql
\ir _partition_truncated.sql
\ir _truncates_partition.sql
\ir _create_partition_triggers.sql

-- partitions that come and go
\ir _partitioned_tables.sql
\ir _partition_changes.sql
\ir _lock_partitioned_tables.sql
\ir _lock_changed_partitions.sql
\ir _remove_partition.sql
\ir _add_partition.sql
\ir _follow_partitions.sql
