package dev.jlondiste.replica.copy;

import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.MergedTable.Part;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordinates the copies of a table that several queues feed, each from its own source. The workers
 * of the queues may be threads, processes, or processes of Londiste, so all they share is {@code
 * londiste.table_info}.
 *
 * <ol>
 *   <li>One copy leads: it empties the table, drops keys and indexes, and stores their DDL in
 *       {@code dropped_ddl}, in one transaction. It may do so only while no part is copied, checked
 *       while it holds the table's exclusive lock. So rows of another part are never deleted.
 *   <li>After that commit, and only then, all copies add their rows, each in one transaction that
 *       ends with the state catching-up. A killed copy leaves no rows, so it needs no emptying.
 *   <li>A part that is copied waits with {@code dropped_ddl} in place. When all parts are copied,
 *       the leader restores keys and indexes and clears {@code dropped_ddl}; then all catch up. See
 *       {@link MergedStructure}.
 *   <li>A copy that begins later finds a part that is copied, and adds its rows with the indexes in
 *       place.
 * </ol>
 *
 * <p>The copy of the first queue in alphabetical order leads, among those that have begun: a queue
 * whose source is away does not stop the others. {@code MergeIT} and {@code MergeSurvivesKillIT}
 * test this. Used by one thread.
 */
final class CopyTurn {
  private static final Logger log = LoggerFactory.getLogger(CopyTurn.class);

  /** How long a copy that should lead may take to begin, before another one leads. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String queue;
  private final Clock clock;
  private @Nullable Instant waitingSince;
  private String said = "";

  CopyTurn(String queue, Clock clock) {
    this.queue = queue;
    this.clock = clock;
  }

  /** What a copy may do next. */
  enum Step {
    /** No other queue feeds the table. */
    ALONE,
    /** Empty the table and drop its keys and indexes, then copy. */
    LEAD,
    /** Add rows to those of the other queues. */
    COPY,
    WAIT
  }

  /** Decides, and logs why the copy has to wait. */
  Step next(MergedTable merged) {
    Step step = step(merged, queue, isPatienceOver());
    if (step != Step.WAIT) {
      waitingSince = null;
      said = "";
    } else if (waitingSince == null) {
      waitingSince = clock.instant();
    }
    if (step == Step.WAIT) {
      say(
          "waiting for first partition to initialize copy: queue "
              + merged.others(queue).stream()
                  .filter(part -> part.isInCopy() || part.isUnfinished())
                  .map(Part::queue)
                  .collect(Collectors.joining(", ")));
    }
    return step;
  }

  /** Logs a reason to wait once. */
  void say(String reason) {
    if (!reason.equals(said)) {
      said = reason;
      log.info(reason);
    }
  }

  private boolean isPatienceOver() {
    return waitingSince != null && waitingSince.plus(PATIENCE).isBefore(clock.instant());
  }

  static Step step(MergedTable merged, String queue, boolean isPatienceOver) {
    if (!merged.isShared()) {
      return Step.ALONE;
    }
    List<Part> others = merged.others(queue);
    if (others.stream().anyMatch(Part::isUnfinished)) {
      return Step.WAIT;
    }
    Optional<Part> own = merged.part(queue);
    boolean isUnfinished = own.isPresent() && own.get().isUnfinished();
    if (!isUnfinished
        && (merged.holder().isPresent() || others.stream().anyMatch(Part::isCopied))) {
      return Step.COPY;
    }
    boolean isOther =
        others.stream().anyMatch(part -> part.isInCopy() && part.queue().compareTo(queue) < 0);
    return isOther && !isUnfinished && !isPatienceOver ? Step.WAIT : Step.LEAD;
  }
}
