package dev.jlondiste.cascade;

import dev.jlondiste.cascade.NodeFunctions.WorkerStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The status of the worker and its node, cached for a short time so that a new event does not wait
 * for this query. If an operator has paused the worker or changed its provider meanwhile, {@link
 * NodePosition#holdAsSeen} detects it in the batch's own transaction. Called by one thread only.
 */
final class CachedWorkerStatus {
  private final InstantSource clock;
  private @Nullable WorkerStatus status;
  private Instant readAt = Instant.EPOCH;

  CachedWorkerStatus(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns empty if the status has to be read from the database. */
  Optional<WorkerStatus> notOlderThan(Duration age) {
    Instant now = clock.instant();
    // a clock that is set back must not extend the cache's lifetime
    boolean isRecent = !now.isBefore(readAt) && now.isBefore(readAt.plus(age));
    return isRecent ? Optional.ofNullable(status) : Optional.empty();
  }

  /** Stores the status that has just been read. */
  void store(WorkerStatus status) {
    this.status = status;
    readAt = clock.instant();
  }

  /** Advances the cached position to {@code tick}, which the worker itself has completed. */
  void moveTo(long tick) {
    if (status != null) {
      status = new WorkerStatus(status.state().at(tick), status.node());
    }
  }

  void forget() {
    status = null;
  }
}
