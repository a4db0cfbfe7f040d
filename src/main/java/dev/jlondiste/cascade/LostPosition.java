package dev.jlondiste.cascade;

import dev.jlondiste.pgq.Batch;
import java.time.Instant;
import java.util.Optional;

/**
 * The provider offers a batch that does not start at this node's position. One of the two databases
 * was restored from a backup or lost transactions in a crash, or its position was changed manually.
 */
public final class LostPosition extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Batch batch;
  private final long completed;
  private final transient Optional<Instant> completedTime;

  /**
   * Creates the exception before the reason is known.
   *
   * @param completedTime when the completed tick was created; empty if this process does not know
   */
  LostPosition(String queue, Batch batch, long completed, Optional<Instant> completedTime) {
    this(
        batch,
        completed,
        completedTime,
        "Lost position: batch "
            + batch.previousTick()
            + ".."
            + batch.currentTick()
            + ", dst has "
            + completed
            + " (queue "
            + queue
            + ")");
  }

  private LostPosition(
      Batch batch, long completed, Optional<Instant> completedTime, String message) {
    super(message);
    this.batch = batch;
    this.completed = completed;
    this.completedTime = completedTime;
  }

  /** The same, with the explanation and hint of {@code positions}. */
  LostPosition because(String reason) {
    return new LostPosition(batch, completed, completedTime, getMessage() + ": " + reason);
  }

  Batch batch() {
    return batch;
  }

  long completed() {
    return completed;
  }

  Optional<Instant> completedTime() {
    return completedTime;
  }
}
