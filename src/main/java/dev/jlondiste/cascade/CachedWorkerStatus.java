package dev.jlondiste.cascade;

import dev.jlondiste.cascade.NodeFunctions.WorkerStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the worker has read of itself and its node, for as long as it need not ask again: an event
 * that has just come should not wait for that question. When somebody has paused the worker or
 * given it another provider, {@link NodePosition#holdAsSeen} sees it in the batch's own
 * transaction. Called by one thread only.
 */
final class CachedWorkerStatus {
  private final InstantSource clock;
  private @Nullable WorkerStatus known;
  private Instant read = Instant.EPOCH;

  CachedWorkerStatus(InstantSource clock) {
    this.clock = clock;
  }

  /** Empty when it has to be read. */
  Optional<WorkerStatus> notOlderThan(Duration age) {
    Instant now = clock.instant();
    // a clock set back must not make it last
    boolean isRecent = !now.isBefore(read) && now.isBefore(read.plus(age));
    return isRecent ? Optional.ofNullable(known) : Optional.empty();
  }

  /** It was read just now. */
  void learn(WorkerStatus standing) {
    known = standing;
    read = clock.instant();
  }

  /** Nothing has changed but what the worker itself has applied, up to this tick. */
  void moveTo(long tick) {
    if (known != null) {
      known = new WorkerStatus(known.state().at(tick), known.node());
    }
  }

  void forget() {
    known = null;
  }
}
