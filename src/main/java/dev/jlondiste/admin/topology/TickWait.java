package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.NodeObstacles;
import dev.jlondiste.admin.WaitNotice;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.ReachedNode;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until what another node has now is here, too. */
public final class TickWait {
  private static final Logger log = LoggerFactory.getLogger(TickWait.class);
  private static final Duration PERIOD = Duration.ofMillis(500);

  private final Cascade cascade;
  private final Optional<Duration> timeout;

  /** Without {@code timeout} it waits without a limit, also for a worker that does not run. */
  public TickWait(Cascade cascade, Optional<Duration> timeout) {
    this.cascade = cascade;
    this.timeout = timeout;
  }

  public void forRoot() throws SQLException, InterruptedException {
    if (isRoot()) {
      return;
    }
    log.info("Finding root node");
    ReachedNode root = cascade.root();
    log.info("Root is {}", root.name());
    await(root.name(), root.database());
  }

  public void forProvider() throws SQLException, InterruptedException {
    if (isRoot()) {
      return;
    }
    String provider = cascade.providerName();
    log.info("Provider is {}", provider);
    await(provider, cascade.database(provider));
  }

  private boolean isRoot() throws SQLException {
    boolean root = cascade.node().isRoot();
    if (root) {
      log.info("Current node is root, no need to wait");
    }
    return root;
  }

  private void await(String name, Database source) throws SQLException, InterruptedException {
    log.info("Fetching last tick for {}", name);
    OptionalLong last = source.call(db -> PgqFunctions.lastTick(db, cascade.queue()));
    if (last.isEmpty()) {
      throw new UserError("node '" + name + "' has no queue '" + cascade.queue() + "'", null);
    }
    log.info("Waiting for tick > {}", last.getAsLong());
    // An idle queue would let us wait; on a branch this does nothing, its ticks are the root's.
    source.run(db -> PgqFunctions.forceTick(db, cascade.queue()));
    NodeObstacles obstacles = new NodeObstacles(cascade);
    WaitNotice notice =
        new WaitNotice("tick > " + last.getAsLong() + " of node " + name, obstacles::aboveHere);
    long tick = awaitLocalTickAfter(last.getAsLong(), notice);
    log.info("Got tick {}, exiting", tick);
  }

  private long awaitLocalTickAfter(long tick, WaitNotice notice)
      throws SQLException, InterruptedException {
    StopSignal never = new StopSignal();
    long start = System.nanoTime();
    while (true) {
      long completed = localTick();
      if (completed > tick) {
        return completed;
      }
      Duration pause = timeout.map(limit -> remaining(limit, start)).orElse(PERIOD);
      if (pause.isZero() || pause.isNegative()) {
        throw new UserError(
            "no tick > %d within %d seconds, the last one is %d"
                .formatted(tick, timeout.orElseThrow().toSeconds(), completed),
            "are the worker of this node and the ticker of the root running?");
      }
      notice.look();
      never.await(pause.compareTo(PERIOD) < 0 ? pause : PERIOD);
    }
  }

  private static Duration remaining(Duration limit, long start) {
    return limit.minusNanos(System.nanoTime() - start);
  }

  private long localTick() throws SQLException {
    NodeInfo node =
        cascade
            .local()
            .call(db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
            .orElseThrow(() -> new UserError("Unknown queue: " + cascade.queue(), null));
    return node.lastTick().orElse(0);
  }
}
