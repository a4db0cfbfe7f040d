package dev.jlondiste.pgq.consumer;

/** What a consumer does with each batch. Called by one thread at a time. */
@FunctionalInterface
public interface BatchHandler {
  /**
   * Does what the events stand for. Events that it does not read are passed over. Otherwise as
   * {@link EventHandler#handle}.
   *
   * @param events the batch, which may be empty; valid until this method returns
   */
  void handle(BatchEvents events, Delivery delivery) throws Exception;

  /** The events, one after the other. */
  static BatchHandler of(EventHandler handler) {
    return (events, delivery) -> events.forEach(event -> handler.handle(event, delivery));
  }
}
