package dev.jlondiste.cascade;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The duties of a root's worker. It receives no events, but publishes watermarks and sequences.
 * Called by the worker's thread only.
 */
final class RootDuties {
  private static final Logger log = LoggerFactory.getLogger(RootDuties.class);

  /**
   * A root reads its state every {@code loop_delay}, and performs its duties once in this many
   * pauses.
   */
  private static final int PAUSES_BETWEEN_DUTIES = 10;

  private final String queue;
  private final Watermarks watermarks;
  private final BatchApplier applier;
  private final Clock clock;
  private Instant next = Instant.MIN;

  RootDuties(String queue, Watermarks watermarks, BatchApplier applier, Clock clock) {
    this.queue = queue;
    this.watermarks = watermarks;
    this.applier = applier;
    this.clock = clock;
  }

  void perform(Database local, NodeSettings settings) throws SQLException {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    log.debug("{}: duties of the root", queue);
    local.ask(
        root -> {
          if (PgqFunctions.isInsertDisabled(root, queue)) {
            return false; // closed by a takeover, which opens this root again or another one
          }
          watermarks.publishGlobal(root, settings);
          applier.rootDuties(root);
          return true;
        });
    log.info("{standby: 1}");
    next =
        now.plus(
            Duration.ofMillis(
                Math.max(1, settings.job().loopDelay().toMillis() * PAUSES_BETWEEN_DUTIES)));
  }
}
