package dev.jlondiste.pgq.consumer;

import dev.jlondiste.pgq.Batch;
import java.time.Duration;

/**
 * Receives the batches and failures of a consumer. Called by the consumer's thread, so it should
 * not block; its exceptions are logged and otherwise ignored.
 */
public interface ConsumerListener {
  /**
   * Called when a batch was handled and committed.
   *
   * @param events number of events read
   * @param took time from opening the batch to finishing it
   */
  default void batchDone(Batch batch, long events, Duration took) {}

  /**
   * Called when a step failed; it is repeated after {@code pause}.
   *
   * @param failure a {@link HandlerFailure}, or the exception of a database
   */
  default void failed(Exception failure, Duration pause) {}
}
