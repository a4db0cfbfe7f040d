package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.topology.TickWait;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how long a tick of the root takes to another node, before writers have to wait for it.
 */
final class CatchUpMeasure {
  private static final Logger log = LoggerFactory.getLogger(CatchUpMeasure.class);
  private static final Duration POLL = Duration.ofMillis(10);

  private final Cascade cascade;
  private final String root;
  private final String node;

  CatchUpMeasure(Cascade cascade, String root, String node) {
    this.cascade = cascade;
    this.root = root;
    this.node = node;
  }

  /**
   * Waits until a tick needs less than {@code limit}.
   *
   * @throws UserError if the deadline passes first
   */
  void awaitFasterThan(Duration limit, Deadline deadline)
      throws SQLException, InterruptedException {
    while (true) {
      long tick = newTick(deadline);
      long begin = System.nanoTime();
      new TickWait(cascade).forNode(node, tick, deadline);
      Duration taken = Duration.ofNanos(System.nanoTime() - begin);
      if (taken.compareTo(limit) < 0) {
        return;
      }
      log.info("a tick took {} ms to '{}', waiting until it catches up", taken.toMillis(), node);
      if (deadline.isOver()) {
        throw new UserError(
            "node '%s' is too far behind: a tick takes %d ms to it, and the pause must be shorter than twice that"
                .formatted(node, taken.toMillis()),
            "repeat the command when it has caught up ('status'), or with a longer --max-pause");
      }
    }
  }

  private long newTick(Deadline deadline) throws SQLException, InterruptedException {
    long before = lastTick();
    cascade.call(
        root,
        db -> {
          PgqFunctions.forceTick(db, cascade.queue());
          return true;
        });
    NodeObstacles obstacles = new NodeObstacles(cascade);
    Wait wait =
        new Wait("a tick on root " + root, () -> obstacles.above(root))
            .every(POLL)
            .atMost(deadline);
    Optional<Long> tick = wait.forValue(() -> Optional.of(lastTick()).filter(now -> now > before));
    return tick.orElseThrow(
        () ->
            new UserError(
                "no tick on root '%s': is its ticker running (pgqd)?".formatted(root),
                "nothing was changed; start the ticker and repeat the command"));
  }

  private long lastTick() throws SQLException {
    return cascade.call(root, db -> PgqFunctions.lastTick(db, cascade.queue())).orElse(0);
  }
}
