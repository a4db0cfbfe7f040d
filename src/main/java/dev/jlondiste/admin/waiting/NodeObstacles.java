package dev.jlondiste.admin.waiting;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.MovedNode;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.cascade.UnknownConsumer;
import dev.jlondiste.cascade.UpstreamWalk;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds what prevents changes of the root from reaching a node: workers on the way that do not run,
 * are paused or fail, nodes that do not answer, a root without a running ticker. The first call
 * requests a tick; a later call reports the ticker if no tick has appeared. Used by one thread.
 */
public final class NodeObstacles {
  private static final long TICK_DUE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final String TICK_AGE =
      "select extract(epoch from ticker_lag) from pgq.get_queue_info(?)";
  private static final String LAST_SEEN =
      "select extract(epoch from last_seen) from pgq.get_consumer_info(?, ?)";

  private final Cascade cascade;
  private final Map<String, RequestedTick> requests = new HashMap<>();

  /** The time at which a tick was requested, and the last tick at that time. */
  private record RequestedTick(long nanos, long tick) {}

  public NodeObstacles(Cascade cascade) {
    this.cascade = cascade;
  }

  /**
   * Returns the obstacles from a node up to the root.
   *
   * @param node the node that waits for the changes
   */
  public List<Obstacle> above(String node) throws SQLException {
    List<Obstacle> found = new ArrayList<>();
    UpstreamWalk walk = cascade.upstream(node);
    while (walk.upcoming().isPresent()) {
      String name = walk.upcoming().get().node();
      try {
        addOf(walk.next().info(), found);
      } catch (SQLException | UserError | UnknownConsumer e) {
        found.add(unreachable(name, e));
        return found;
      }
    }
    return found;
  }

  /** As {@link #above}, from the local node. */
  public List<Obstacle> aboveHere() throws SQLException {
    return above(cascade.node().name());
  }

  /**
   * Returns the obstacles of one worker; a pause is not one of them, because a paused worker
   * confirms flags as well.
   */
  public List<Obstacle> ofWorker(String node, String consumer) {
    List<Obstacle> found = new ArrayList<>();
    try {
      ConsumerState state =
          cascade.call(node, db -> NodeFunctions.getConsumerState(db, cascade.queue(), consumer));
      addWorker(node, consumer, state, Optional.empty(), found);
    } catch (SQLException | UserError | UnknownConsumer e) {
      found.add(unreachable(node, e));
    }
    return found;
  }

  private void addOf(NodeInfo node, List<Obstacle> found) throws SQLException {
    String name = node.name();
    if (node.isRoot()) {
      addTicks(name, found);
      return;
    }
    String worker = node.worker();
    ConsumerState state =
        cascade.call(name, db -> NodeFunctions.getConsumerState(db, cascade.queue(), worker));
    if (state.paused()) {
      found.add(
          Obstacle.of(
              "worker '%s' of node '%s' is paused; to continue: resume %s"
                  .formatted(worker, name, name)));
    }
    addWorker(name, worker, state, node.provider(), found);
  }

  private void addWorker(
      String node,
      String worker,
      ConsumerState state,
      Optional<String> provider,
      List<Obstacle> found)
      throws SQLException {
    if (!cascade.call(node, db -> NodeLock.isHeld(db, cascade.queue(), worker))) {
      String what =
          "is worker '%s' of node '%s' running? No process holds its lock".formatted(worker, node);
      found.add(new Obstacle(what, what + provider.map(p -> lastSeen(p, worker)).orElse("")));
    }
    state
        .error()
        .map(text -> text.lines().findFirst().orElse(""))
        .filter(line -> !line.isEmpty())
        .ifPresent(
            line ->
                found.add(
                    Obstacle.of(
                        "worker '%s' of node '%s' fails: %s".formatted(worker, node, line))));
  }

  /** Returns an empty text if the time is unknown. */
  private String lastSeen(String provider, String worker) {
    try {
      return cascade
          .call(
              provider,
              db ->
                  Sql.first(
                      db, LAST_SEEN, row -> Math.round(row.getDouble(1)), cascade.queue(), worker))
          .map(seconds -> "; its provider '" + provider + "' last saw it " + seconds + " s ago")
          .orElse("");
    } catch (SQLException | UserError e) {
      return "";
    }
  }

  private void addTicks(String root, List<Obstacle> found) throws SQLException {
    OptionalLong last = cascade.call(root, db -> PgqFunctions.lastTick(db, cascade.queue()));
    if (last.isEmpty()) {
      found.add(Obstacle.of("node '" + root + "' has no queue '" + cascade.queue() + "'"));
      return;
    }
    RequestedTick before = requests.get(root);
    if (before == null || before.tick() != last.getAsLong()) {
      requests.put(root, new RequestedTick(System.nanoTime(), last.getAsLong()));
      cascade.call(root, this::requestTick);
    } else if (System.nanoTime() - before.nanos() > TICK_DUE_NANOS) {
      long age = cascade.call(root, this::tickAge);
      String what =
          "no tick on root '%s' although one was requested: is its ticker running (pgqd)?"
              .formatted(root);
      found.add(new Obstacle(what, what + " The last tick is " + age + " s old"));
    }
  }

  private boolean requestTick(Connection root) throws SQLException {
    PgqFunctions.forceTick(root, cascade.queue());
    return true;
  }

  private long tickAge(Connection root) throws SQLException {
    return Sql.one(root, TICK_AGE, row -> Math.round(row.getDouble(1)), cascade.queue());
  }

  private static Obstacle unreachable(String node, Exception e) {
    String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    String moved =
        e.getCause() instanceof SQLException sql && MovedNode.isPossible(sql)
            ? "; " + MovedNode.hint(node)
            : "";
    return Obstacle.of("node '" + node + "' cannot be queried: " + line + moved);
  }
}
