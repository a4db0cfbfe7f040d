/*
 * Schema pgq_coop: several sub-consumers share the batches of one consumer. Needs schema pgq.
 *
 * A sub-consumer is a subscription of its own, CONSUMER.SUBCONSUMER, with the sub_id of the consumer
 * (the main one), so that it sees the same events, also retried ones. Its ticks are null while it has
 * nothing to do. The main subscription moves on as soon as a batch is handed out; the batch then
 * lives in the sub-consumer's row alone, and rotation waits for it there. Whoever hands out or takes
 * over a batch holds a lock on the main row.
 */
\ir schema.sql

\ir functions/version.sql
\ir functions/jlondiste_release.sql
\ir functions/_is_subconsumer.sql
\ir functions/_forget.sql
\ir functions/register_subconsumer.sql
\ir functions/unregister_subconsumer.sql
\ir functions/next_batch_custom.sql
\ir functions/next_batch.sql
\ir functions/finish_batch.sql

\ir grants.sql
