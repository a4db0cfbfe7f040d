-- Schema pgq_node: cascaded queues. Requires schema pgq. Run this file again to upgrade.

\ir tables.sql

-- helpers
\ir functions/version.sql
\ir functions/jlondiste_release.sql
\ir functions/upgrade_schema.sql
\ir functions/is_root_node.sql
\ir functions/is_leaf_node.sql
\ir functions/_set_replica_role.sql

-- a subscriber calls these on its provider
\ir functions/register_subscriber.sql
\ir functions/unregister_subscriber.sql
\ir functions/get_subscriber_info.sql
\ir functions/set_subscriber_watermark.sql

-- a consumer calls these on its target
\ir functions/register_consumer.sql
\ir functions/unregister_consumer.sql
\ir functions/get_consumer_info.sql
\ir functions/get_consumer_state.sql
\ir functions/change_consumer_provider.sql
\ir functions/set_consumer_uptodate.sql
\ir functions/set_consumer_paused.sql
\ir functions/set_consumer_completed.sql
\ir functions/set_consumer_error.sql

-- members of the cascade, the local node
\ir functions/register_location.sql
\ir functions/unregister_location.sql
\ir functions/rename_node.sql
\ir functions/get_queue_locations.sql
\ir functions/create_node.sql
\ir functions/drop_node.sql
\ir functions/set_node_attrs.sql
\ir functions/get_node_info.sql
\ir functions/get_worker_state.sql
\ir functions/_refuse_event.sql
\ir functions/_close_event_tables.sql
\ir functions/promote_branch.sql
\ir functions/demote_root.sql
\ir functions/reopen_root.sql

-- watermarks
\ir functions/set_global_watermark.sql
\ir functions/set_partition_watermark.sql
\ir functions/maint_watermark.sql

\ir grants.sql

do $$ begin perform pgq_node.upgrade_schema(); end $$;
