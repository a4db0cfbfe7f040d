package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Event;
import java.util.Optional;

/** Calls handlers and wraps their exceptions in {@link HandlerFailure}. */
final class Handlers {
  private Handlers() {}

  static void run(BatchHandler handler, BatchEvents events, Delivery delivery)
      throws InterruptedException {
    try {
      handler.handle(events, delivery);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // application code may throw any exception
      throw new HandlerFailure(delivery.batch(), events.last(), e);
    }
  }

  static void run(EventHandler handler, Event event, Delivery delivery)
      throws InterruptedException {
    try {
      handler.handle(event, delivery);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // application code may throw any exception
      throw new HandlerFailure(delivery.batch(), Optional.of(event), e);
    }
  }
}
