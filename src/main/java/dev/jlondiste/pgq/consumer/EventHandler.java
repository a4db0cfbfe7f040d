package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Event;

/** Handles the events of a consumer. Called by one thread at a time. */
@FunctionalInterface
public interface EventHandler {
  /**
   * Processes an event. Writes through {@link Delivery#connection} commit together with the
   * consumer's position; any other effect may be repeated if the process or a database fails.
   *
   * @throws Exception any exception: all writes are rolled back, and the batch is delivered again
   *     after a pause. {@link InterruptedException} means that the consumer is being stopped
   */
  void handle(Event event, Delivery delivery) throws Exception;
}
