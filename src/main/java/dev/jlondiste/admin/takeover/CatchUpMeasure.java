package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
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
  private static final Duration MAX_WAIT_FOR_TICK = Duration.ofSeconds(30);

  private final Cascade cascade;
  private final MemberSession root;
  private final MemberSession node;

  CatchUpMeasure(Cascade cascade, MemberSession root, MemberSession node) {
    this.cascade = cascade;
    this.root = root;
    this.node = node;
  }

  /**
   * Waits until a tick needs less than {@code limit}.
   *
   * @return what is in the way after the deadline; empty if nothing is
   * @throws UserError if the root does not tick
   */
  Optional<String> awaitFasterThan(Duration limit, Deadline deadline)
      throws SQLException, InterruptedException {
    while (true) {
      long tick = newTick();
      long begin = System.nanoTime();
      boolean there =
          waitFor("tick " + tick + " on node " + node.name(), node.name(), deadline)
              .until(() -> node.info().lastTick().orElse(0) >= tick);
      Duration taken = Duration.ofNanos(System.nanoTime() - begin);
      if (there && taken.compareTo(limit) < 0) {
        return Optional.empty();
      }
      if (deadline.isOver()) {
        return Optional.of(
            "node '%s' is too far behind: a tick takes %d ms or more to it"
                .formatted(node.name(), taken.toMillis()));
      }
      log.info(
          "a tick took {} ms to '{}', waiting until it catches up", taken.toMillis(), node.name());
    }
  }

  private long newTick() throws SQLException, InterruptedException {
    long before = lastTick();
    root.call(
        db -> {
          PgqFunctions.forceTick(db, cascade.queue());
          return true;
        });
    return waitFor("a tick on root " + root.name(), root.name(), Deadline.in(MAX_WAIT_FOR_TICK))
        .forValue(() -> Optional.of(lastTick()).filter(now -> now > before))
        .orElseThrow(
            () ->
                new UserError(
                    "no tick on root '%s': is its ticker running (pgqd)?".formatted(root.name()),
                    "nothing was changed; start the ticker and repeat the command"));
  }

  private Wait waitFor(String goal, String member, Deadline deadline) {
    NodeObstacles obstacles = new NodeObstacles(cascade);
    return new Wait(goal, () -> obstacles.above(member)).every(POLL).atMost(deadline);
  }

  private long lastTick() throws SQLException {
    return root.call(db -> PgqFunctions.lastTick(db, cascade.queue())).orElse(0);
  }
}
