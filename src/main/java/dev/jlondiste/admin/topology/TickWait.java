package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.ReachedNode;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until the worker of a node has completed a tick. */
public final class TickWait {
  private static final Logger log = LoggerFactory.getLogger(TickWait.class);
  private static final Duration PERIOD = Duration.ofMillis(500);

  private final Cascade cascade;

  public TickWait(Cascade cascade) {
    this.cascade = cascade;
  }

  /**
   * Waits until the local node has what the root has now.
   *
   * @param timeout empty: waits until stopped, even if the worker does not run
   */
  public void forRoot(Optional<Duration> timeout) throws SQLException, InterruptedException {
    if (isRoot()) {
      return;
    }
    log.info("Finding root node");
    ReachedNode root = cascade.root();
    log.info("Root is {}", root.name());
    awaitNewTick(root.name(), root.database(), timeout);
  }

  /** As {@link #forRoot}, for what the provider has now. */
  public void forProvider(Optional<Duration> timeout) throws SQLException, InterruptedException {
    if (isRoot()) {
      return;
    }
    String provider = cascade.providerName();
    log.info("Provider is {}", provider);
    awaitNewTick(provider, cascade.database(provider), timeout);
  }

  /**
   * Waits until a node has completed {@code tick} or a later one.
   *
   * @return the tick that it has completed
   * @throws UserError when the deadline passes first; the error names the obstacles
   */
  public long forNode(String node, long tick, Deadline deadline)
      throws SQLException, InterruptedException {
    Wait wait = waitFor("tick " + tick + " on node " + node, node).atMost(deadline);
    Optional<Long> reached = reached(node, tick, wait);
    if (reached.isEmpty()) {
      throw new UserError(
          "node '%s' has not completed tick %d, it is at tick %d%s"
              .formatted(node, tick, completed(node), lines(wait)),
          "wait longer, or see 'status'");
    }
    return reached.get();
  }

  private static String lines(Wait wait) {
    return wait.obstacles().stream().map(line -> "\n  " + line).reduce("", String::concat);
  }

  private static String seconds(Duration length) {
    return BigDecimal.valueOf(length.toMillis(), 3).stripTrailingZeros().toPlainString();
  }

  private boolean isRoot() throws SQLException {
    boolean root = cascade.node().isRoot();
    if (root) {
      log.info("Current node is root, no need to wait");
    }
    return root;
  }

  private void awaitNewTick(String name, Database source, Optional<Duration> timeout)
      throws SQLException, InterruptedException {
    log.info("Fetching last tick for {}", name);
    OptionalLong found =
        Cascade.onMember(name, source, db -> PgqFunctions.lastTick(db, cascade.queue()));
    if (found.isEmpty()) {
      throw new UserError("node '" + name + "' has no queue '" + cascade.queue() + "'", null);
    }
    long last = found.getAsLong();
    log.info("Waiting for tick > {}", last);
    // An idle queue ticks rarely. On a branch this does nothing, because its ticks come from the
    // root.
    source.run(db -> PgqFunctions.forceTick(db, cascade.queue()));
    String here = cascade.node().name();
    Wait wait = waitFor("tick > " + last + " of node " + name, here);
    Deadline deadline = timeout.map(Deadline::in).orElse(Deadline.never());
    Optional<Long> tick = reached(here, last + 1, wait.atMost(deadline));
    if (tick.isEmpty()) {
      throw new UserError(
          "no tick > %d within %s seconds, the last one is %d%s"
              .formatted(last, seconds(timeout.orElseThrow()), completed(here), lines(wait)),
          "are the worker of this node and the ticker of the root running?");
    }
    log.info("Got tick {}, exiting", tick.get());
  }

  private Wait waitFor(String goal, String node) {
    NodeObstacles obstacles = new NodeObstacles(cascade);
    return new Wait(goal, () -> obstacles.above(node)).every(PERIOD);
  }

  private Optional<Long> reached(String node, long tick, Wait wait)
      throws SQLException, InterruptedException {
    return wait.forValue(() -> Optional.of(completed(node)).filter(done -> done >= tick));
  }

  /** The last completed tick; 0 if the node has completed none. */
  private long completed(String node) throws SQLException {
    return cascade
        .call(node, db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
        .orElseThrow(() -> new UserError("Unknown queue: " + cascade.queue(), null))
        .lastTick()
        .orElse(0);
  }
}
