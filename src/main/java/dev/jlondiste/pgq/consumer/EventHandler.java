package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Event;

/** What a consumer does with each event. Called by one thread at a time. */
@FunctionalInterface
public interface EventHandler {
  /**
   * Does what the event stands for. Writes through {@link Delivery#connection} commit together with
   * the consumer's position; anything else may happen again if the process or a database fails.
   *
   * @throws Exception anything: all writes are rolled back, and the batch is delivered again after
   *     a pause. {@link InterruptedException} means that the consumer is being stopped
   */
  void handle(Event event, Delivery delivery) throws Exception;
}
