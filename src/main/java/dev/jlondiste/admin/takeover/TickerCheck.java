package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that a new root ticks: without a ticker it accepts writes, but its subscribers receive
 * nothing. A branch has no ticks of its own, so this cannot be known before the takeover.
 */
final class TickerCheck {
  private static final Logger log = LoggerFactory.getLogger(TickerCheck.class);
  private static final Duration PERIOD = Duration.ofMillis(50);

  /** Longer than the poll interval of any ticker in use. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final Cascade cascade;
  private final String root;

  TickerCheck(Cascade cascade, String root) {
    this.cascade = cascade;
    this.root = root;
  }

  /** Requests a tick, and logs a warning if none is made. */
  void run() throws InterruptedException {
    try {
      long before = lastTick();
      cascade.call(root, this::requestTick);
      boolean ticks =
          new Wait("a tick of the new root " + root, List::of)
              .every(PERIOD)
              .atMost(Deadline.in(PATIENCE))
              .until(() -> lastTick() > before);
      if (!ticks) {
        log.warn(
            Hint.after(
                "no ticker runs for the database of the new root '%s': its subscribers receive nothing"
                    .formatted(root),
                "set 'ticker = 1' in its ini file and restart its daemon, or start a pgqd for it"));
      }
    } catch (SQLException | UserError e) {
      log.warn("not known whether the new root '{}' ticks: {}", root, e.getMessage());
    }
  }

  private boolean requestTick(Connection db) throws SQLException {
    PgqFunctions.forceTick(db, cascade.queue());
    return true;
  }

  private long lastTick() throws SQLException {
    return cascade.call(root, db -> PgqFunctions.lastTick(db, cascade.queue()).orElse(0));
  }
}
