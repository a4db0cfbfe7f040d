/**
 * Inserts events into a queue, in the caller's transactions: {@link
 * dev.jlondiste.pgq.producer.QueueProducer}. It does not depend on consumers.
 */
@NullMarked
package dev.jlondiste.pgq.producer;

import org.jspecify.annotations.NullMarked;
