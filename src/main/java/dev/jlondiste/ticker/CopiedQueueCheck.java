package dev.jlondiste.ticker;

import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks which queues of a database belong to the database that it is a copy of. Runs in a loop of
 * its own, because the check can wait for other servers. Called by one thread only.
 */
final class CopiedQueueCheck implements Work {
  private static final Logger log = LoggerFactory.getLogger(CopiedQueueCheck.class);

  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(1);

  private final String name;
  private final Database database;
  private final CopiedQueues copies;
  private final Supplier<Boolean> isTicking;
  private volatile Set<String> refused = Set.of();
  private volatile boolean isChecked;

  CopiedQueueCheck(
      String name, Database database, CopiedQueues copies, Supplier<Boolean> isTicking) {
    this.name = name;
    this.database = database;
    this.copies = copies;
    this.isTicking = isTicking;
  }

  /** The queues that must not be ticked. Can be called by any thread. */
  Set<String> refused() {
    return refused;
  }

  /** The pause until the next step. */
  Duration pause() {
    return isChecked ? PERIOD : RETRY_PERIOD;
  }

  @Override
  public Outcome runOnce() throws SQLException {
    isChecked = isTicking.get();
    if (!isChecked) {
      return Outcome.IDLE;
    }
    Map<String, String> found = copies.find(database);
    Set<String> before = refused;
    refused = Set.copyOf(found.keySet());
    found.forEach(
        (queue, problem) -> {
          if (!before.contains(queue)) {
            log.error("[{}]: not ticking queue {}: {}", name, queue, problem);
          }
        });
    Set<String> released = new HashSet<>(before);
    released.removeAll(refused);
    released.forEach(queue -> log.info("[{}]: ticking queue {} again", name, queue));
    return Outcome.IDLE;
  }
}
