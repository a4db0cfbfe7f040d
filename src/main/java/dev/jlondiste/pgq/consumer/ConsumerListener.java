package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import java.time.Duration;

/**
 * Hears how a consumer is doing. Called by the consumer's thread, so it should not wait; what it
 * throws is logged and otherwise ignored.
 */
public interface ConsumerListener {
  /**
   * A batch was handled and committed.
   *
   * @param events how many were read
   * @param took from opening the batch to telling the queue
   */
  default void batchDone(Batch batch, long events, Duration took) {}

  /**
   * A step failed; it is repeated after {@code pause}.
   *
   * @param failure a {@link HandlerFailure}, or what a database said
   */
  default void failed(Exception failure, Duration pause) {}
}
