package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;

/** The circumstances under which a handler works. Valid until the handler returns. */
public interface Delivery {
  /** The batch that is being delivered. */
  Batch batch();

  /**
   * The transaction that commits with the consumer's position: in the queue's database, or in the
   * target of {@link ConsumerBuilder#into}. The consumer commits it; the handler cannot. Savepoints
   * may be used.
   */
  Connection connection();

  /**
   * Has the event delivered to this consumer again, in a later batch, instead of repeating the
   * whole batch. Takes effect if the handler returns without an exception; what it wrote then
   * commits. Needs the retry work of a ticker.
   *
   * @param event one of this batch; {@link Event#retry} tells how often that has happened
   * @param after from now by the clock of the queue's database, rounded up to seconds; after a
   *     crash at the wrong moment it may be sooner
   */
  void retry(Event event, Duration after);

  /** As {@link #retry}, not before the given time. */
  void retryAt(Event event, Instant at);
}
