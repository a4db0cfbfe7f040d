package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;

/**
 * The context of a handler's call: batch, transaction and retries. Valid until the handler returns.
 */
public interface Delivery {
  /** The current batch. */
  Batch batch();

  /**
   * The connection whose transaction commits together with the consumer's position: to the queue's
   * database, or to the target of {@link ConsumerBuilder#into}. The consumer commits it; the
   * handler cannot, but may use savepoints.
   */
  Connection connection();

  /**
   * Schedules the event for this consumer again, in a later batch, instead of repeating the whole
   * batch. Takes effect only if the handler returns without an exception; its writes are then
   * committed. A ticker must run, because it inserts retried events into the queue.
   *
   * @param event an event of this batch; {@link Event#retry} is the number of its retries so far
   * @param after delay from now by the clock of the queue's database, rounded up to seconds; after
   *     a crash between the commits of target and queue the delay may be shorter
   */
  void retry(Event event, Duration after);

  /** As {@link #retry}, at the given time or later. */
  void retryAt(Event event, Instant at);
}
