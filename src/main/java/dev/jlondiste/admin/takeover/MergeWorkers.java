package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.Obstacle;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.cascade.FailingWorker;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The merge leaves that feed a combined queue, while its root moves from one database to another.
 * Those on the old side copy events into the combined queue; those on the new side wait behind it
 * and learn their positions from it. While the root moves, the old side must stand still, and the
 * new side must know its exact positions: it then continues where the other stopped.
 *
 * <pre>{@code
 * MergeWorkers merge = MergeWorkers.of(cascade, old, next); // fails: Inconsistent targets
 * merge.pause(deadline);  // before the pause of the writers
 * ...                     // switchover
 * merge.resume();         // also after a switchover that was given up
 * }</pre>
 *
 * <p>Each call can be repeated. A command that was killed leaves the workers of the old side
 * paused; {@link #resume} of the repeated command resumes them.
 */
public final class MergeWorkers {
  private static final Logger log = LoggerFactory.getLogger(MergeWorkers.class);

  private static final String TABLES =
      """
      select t.table_name || ' of queue ' || t.queue_name, coalesce(t.merge_state, 'missing')
        from londiste.table_info t
        join pgq_node.node_info n on n.queue_name = t.queue_name
       where n.node_type = 'leaf' and n.combined_queue = ? and t.local
       order by 1
      """;

  private final Cascade cascade;
  private final String old;
  private final String next;
  private final List<String> queues;

  private MergeWorkers(Cascade cascade, String old, String next, List<String> queues) {
    this.cascade = cascade;
    this.old = old;
    this.next = next;
    this.queues = List.copyOf(queues);
  }

  /**
   * The merge leaves beside two nodes; there may be none.
   *
   * @throws UserError if the two databases merge different queues
   */
  public static MergeWorkers of(Cascade cascade, String old, String next) throws SQLException {
    Set<String> there = targets(cascade, old);
    Set<String> here = targets(cascade, next);
    if (!there.equals(here)) {
      throw new UserError(
          "Inconsistent targets: node '%s' merges [%s], node '%s' merges [%s]"
              .formatted(old, String.join(", ", there), next, String.join(", ", here)),
          "create the missing leaves with create-leaf --merge=" + cascade.queue());
    }
    return new MergeWorkers(cascade, old, next, new ArrayList<>(there));
  }

  /**
   * Refuses a takeover after which rows would be lost. A leaf of the new side that does not have a
   * table would not apply its rows, and a copy that is not complete would not be continued.
   */
  public void requireSameTables() throws SQLException {
    if (isEmpty()) {
      return;
    }
    Map<String, String> there = tables(old);
    Map<String, String> here = tables(next);
    for (Map<String, String> side : List.of(there, here)) {
      side.forEach(
          (table, state) -> {
            if (!state.equals("ok")) {
              throw new UserError(
                  "table %s is not copied completely on node '%s'"
                      .formatted(table, side == there ? old : next),
                  "repeat the command when 'wait-sync' of that queue has ended");
            }
          });
    }
    for (String table : there.keySet()) {
      if (!here.containsKey(table)) {
        throw new UserError(
            "table %s is merged on node '%s', but not on node '%s': its changes would be lost"
                .formatted(table, old, next),
            "add it there with the ini file of that queue's leaf, with --expect-sync --no-merge");
      }
    }
  }

  /** The tables of the merge leaves beside a node, with their queues, and their states. */
  private Map<String, String> tables(String node) throws SQLException {
    Map<String, String> tables = new LinkedHashMap<>();
    cascade.call(
        node,
        db ->
            Sql.list(
                db,
                TABLES,
                row -> tables.put(row.getString(1), row.getString(2)),
                cascade.queue()));
    return tables;
  }

  /** For a node that cannot be reached. */
  static MergeWorkers none(Cascade cascade, String old, String next) {
    return new MergeWorkers(cascade, old, next, List.of());
  }

  private static Set<String> targets(Cascade cascade, String node) throws SQLException {
    return new TreeSet<>(
        cascade
            .call(node, db -> NodeFunctions.getNodeInfo(db, cascade.queue()))
            .orElseThrow(() -> new UserError("node '" + node + "' is not initialized", null))
            .targetFor());
  }

  /** True if no queue is merged into this one. */
  public boolean isEmpty() {
    return queues.isEmpty();
  }

  /**
   * Pauses the leaves of the old side, and waits until those of the new side have the same
   * positions. On a failure the old side is resumed.
   */
  public void pause(Deadline deadline) throws SQLException, InterruptedException {
    boolean done = false;
    try {
      for (String queue : queues) {
        setPaused(old, queue, true);
      }
      for (String queue : queues) {
        awaitConfirmation(old, queue, deadline);
      }
      for (String queue : queues) {
        awaitPosition(queue, deadline);
      }
      done = true;
    } finally {
      if (!done) {
        resumeAfterFailure();
      }
    }
  }

  /** Resumes the leaves of both sides, without waiting for them. */
  public void resume() throws SQLException {
    for (String queue : queues) {
      setPaused(next, queue, false);
      setPaused(old, queue, false);
    }
  }

  /** The operator must see the original failure. */
  private void resumeAfterFailure() {
    boolean interrupted = Thread.interrupted();
    try {
      resume();
    } catch (SQLException | UserError e) {
      log.warn("merge workers of node '{}' stay paused: {}", old, e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void setPaused(String node, String queue, boolean paused) throws SQLException {
    NodeInfo leaf = leaf(node, queue);
    if (leaf.paused() == paused) {
      return;
    }
    cascade.call(
        node,
        db -> {
          Replies.check(node, NodeFunctions.setConsumerPaused(db, queue, leaf.worker(), paused));
          return !paused && FailingWorker.retryNow(db, queue, leaf.worker());
        });
  }

  private void awaitConfirmation(String node, String queue, Deadline deadline)
      throws SQLException, InterruptedException {
    NodeInfo leaf = leaf(node, queue);
    boolean confirmed =
        new Wait(
                "merge worker '%s' of '%s' to pause".formatted(leaf.worker(), queue),
                () -> obstacles(node, queue))
            .atMost(deadline)
            .until(() -> leaf(node, queue).uptodate());
    if (!confirmed) {
      throw new UserError(
          "merge worker '%s' of queue '%s' on node '%s' does not answer"
              .formatted(leaf.worker(), queue, node),
          "is it running?");
    }
    log.info("Consumer '{}' on node '{}' paused", leaf.worker(), leaf.name());
  }

  /** The positions come through the combined queue, so it has to tick. */
  private void awaitPosition(String queue, Deadline deadline)
      throws SQLException, InterruptedException {
    long position = leaf(old, queue).lastTick().orElse(0);
    cascade.call(
        old,
        db -> {
          PgqFunctions.forceTick(db, cascade.queue());
          return true;
        });
    boolean reached =
        new Wait(
                "tick %d of queue '%s' on node '%s'".formatted(position, queue, next),
                () -> obstacles(next, queue))
            .atMost(deadline)
            .until(() -> leaf(next, queue).lastTick().orElse(0) >= position);
    if (!reached) {
      throw new UserError(
          "the merge leaf of queue '%s' on node '%s' has not reached tick %d, it is at %d"
              .formatted(queue, next, position, leaf(next, queue).lastTick().orElse(0)),
          "are the worker of node '" + next + "' and the ticker of '" + old + "' running?");
    }
  }

  private List<Obstacle> obstacles(String node, String queue) throws SQLException {
    NodeInfo leaf = leaf(node, queue);
    boolean held = cascade.call(node, db -> NodeLock.isHeld(db, queue, leaf.worker()));
    return held
        ? List.of()
        : List.of(
            Obstacle.of(
                "is worker '%s' of node '%s' running? No process holds its lock"
                    .formatted(leaf.worker(), leaf.name())));
  }

  /** The merge leaf of a queue in the database of a node. */
  private NodeInfo leaf(String node, String queue) throws SQLException {
    return cascade
        .call(node, db -> NodeFunctions.getNodeInfo(db, queue))
        .orElseThrow(
            () ->
                new UserError(
                    "the database of node '" + node + "' has no node of queue '" + queue + "'",
                    null));
  }
}
