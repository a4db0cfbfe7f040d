/**
 * Puts events on a queue, in the caller's transactions: {@link
 * dev.jlondiste.pgq.producer.QueueProducer}. Knows nothing of who reads them.
 */
@NullMarked
package dev.jlondiste.pgq.producer;

import org.jspecify.annotations.NullMarked;
