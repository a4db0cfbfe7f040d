package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;

/** Collects the retries that a handler requests. */
record HandlerDelivery(Batch batch, Connection connection, Retries retries) implements Delivery {
  @Override
  public void retry(Event event, Duration after) {
    if (after.isNegative()) {
      throw new IllegalArgumentException(
          "event " + event.id() + " cannot be put off by " + after + ": it is negative");
    }
    retries.add(event, after);
  }

  @Override
  public void retryAt(Event event, Instant at) {
    retries.add(event, at);
  }
}
