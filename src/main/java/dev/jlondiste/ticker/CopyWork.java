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
 * Finds out which queues of a database belong to another one, of which it is a copy. In a loop of
 * its own, because the check may have to wait for other servers. Called by one thread only.
 */
final class CopyWork implements Work {
  private static final Logger log = LoggerFactory.getLogger(CopyWork.class);

  private static final Duration PERIOD = Duration.ofMinutes(5);
  private static final Duration UNTIL_TICKING = Duration.ofSeconds(1);

  private final String name;
  private final Database database;
  private final CopiedQueues copies;
  private final Supplier<Boolean> isTicking;
  private volatile Set<String> refused = Set.of();
  private volatile boolean checked;

  CopyWork(String name, Database database, CopiedQueues copies, Supplier<Boolean> isTicking) {
    this.name = name;
    this.database = database;
    this.copies = copies;
    this.isTicking = isTicking;
  }

  /** The queues not to tick; may be read by every thread. */
  Set<String> refused() {
    return refused;
  }

  /** How long to wait now. */
  Duration pause() {
    return checked ? PERIOD : UNTIL_TICKING;
  }

  @Override
  public Outcome runOnce() throws SQLException {
    checked = isTicking.get();
    if (!checked) {
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
    Set<String> back = new HashSet<>(before);
    back.removeAll(refused);
    back.forEach(queue -> log.info("[{}]: ticking queue {} again", name, queue));
    return Outcome.IDLE;
  }
}
