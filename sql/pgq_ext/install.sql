/*
 * Schema pgq_ext: positions of consumers, in the database they write to. Requires no other schema.
 */
\ir schema.sql
\ir tables.sql

\ir functions/version.sql
\ir functions/jlondiste_release.sql
\ir functions/upgrade_schema.sql
\ir functions/get_last_tick.sql
\ir functions/set_last_tick.sql
\ir functions/is_batch_done.sql
\ir functions/set_batch_done.sql
\ir functions/is_event_done.sql
\ir functions/set_event_done.sql

\ir grants.sql
