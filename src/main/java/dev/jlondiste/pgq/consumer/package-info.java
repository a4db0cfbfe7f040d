/**
 * Consumers of a queue that run by themselves: {@link dev.jlondiste.pgq.consumer.QueueConsumer} is
 * where to begin. Knows nothing of replication; what is written where is the handler's affair.
 */
@NullMarked
package dev.jlondiste.pgq.consumer;

import org.jspecify.annotations.NullMarked;
