package dev.jlondiste.pgq.consumer;

/** Handles the batches of a consumer. Called by one thread at a time. */
@FunctionalInterface
public interface BatchHandler {
  /**
   * Processes a batch. Events that the handler does not read count as processed. Otherwise as
   * {@link EventHandler#handle}.
   *
   * @param events the events of the batch, which may be empty; valid until this method returns
   */
  void handle(BatchEvents events, Delivery delivery) throws Exception;

  /** Returns a handler that passes the events to {@code handler} one by one. */
  static BatchHandler of(EventHandler handler) {
    return (events, delivery) -> events.forEach(event -> handler.handle(event, delivery));
  }
}
