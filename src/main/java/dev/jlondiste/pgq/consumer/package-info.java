/**
 * Consumers of a queue that run in their own threads; start with {@link
 * dev.jlondiste.pgq.consumer.QueueConsumer}. This package does not depend on replication; the
 * handler decides what to write.
 */
@NullMarked
package dev.jlondiste.pgq.consumer;

import org.jspecify.annotations.NullMarked;
