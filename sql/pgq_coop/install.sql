/*
 * Schema pgq_coop: several sub-consumers share the batches of one consumer. Requires schema pgq.
 *
 * A sub-consumer is a subscription named CONSUMER.SUBCONSUMER with the sub_id of the main consumer,
 * so that it sees the same events, also retried ones. Its ticks are null while it is idle. The main
 * subscription advances as soon as a sub-consumer gets a batch; the batch is then stored in the
 * sub-consumer's row alone, and rotation waits for it there. A session that opens or takes over a
 * batch holds a lock on the main row.
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
