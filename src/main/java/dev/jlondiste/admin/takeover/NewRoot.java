package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.takeover.clients.DatabaseFence;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TickSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The branch that becomes the root. */
final class NewRoot implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(5);
  private static final String LIMITED_AND_DURABLE =
      "select pg_catalog.set_config('lock_timeout', ?, true) from " + DurableCommit.JOINED;

  private final Cascade cascade;
  private final MemberSession session;
  private final String queue;
  private final TakeoverMark mark;

  NewRoot(Cascade cascade, TakeoverMark mark) {
    this.cascade = cascade;
    this.session = new MemberSession(cascade, mark.newNode());
    this.queue = cascade.queue();
    this.mark = mark;
  }

  MemberSession session() {
    return session;
  }

  /** Replaces the mark of an earlier command. Returns false if the node is the root already. */
  boolean claim() throws SQLException {
    return session.exactly(
        db -> {
          NodeInfo node = session.info(db);
          if (node.isRoot()) {
            return false;
          }
          mark.putOn(db, queue, node);
          return true;
        });
  }

  /**
   * Makes sure that no command can promote this node any more. Returns false if the node is the
   * root already.
   */
  boolean removeMark() throws SQLException {
    return session.exactly(
        db -> {
          NodeInfo node = session.info(db);
          if (node.isRoot()) {
            return false;
          }
          // A promotion that is under way has read this row; one of the two fails.
          TakeoverMark.removeFrom(db, queue, node);
          return true;
        });
  }

  /** Returns false if the deadline passes first. */
  boolean awaitTick(long tick, Deadline deadline) throws SQLException, InterruptedException {
    session.limit(deadline);
    return new Wait("tick " + tick + " on node " + session.name(), List::of)
        .every(POLL)
        .atMost(deadline)
        .until(() -> session.call(db -> isAt(db, tick)));
  }

  /**
   * The worker commits the events of a tick first, and the local tick in a transaction of its own.
   */
  private boolean isAt(Connection db, long tick) throws SQLException {
    NodeInfo node = session.info(db);
    OptionalLong top = PgqFunctions.lastTick(db, queue);
    if (top.isPresent() && top.getAsLong() > tick) {
      throw new UserError(
          "node '%s' has tick %d, the old root ended at tick %d"
              .formatted(session.name(), top.getAsLong(), tick),
          "does another program tick this queue? See 'status'");
    }
    return top.isPresent() && top.getAsLong() == tick && node.lastTick().orElse(0) == tick;
  }

  /** Obstacles between this node and the root. */
  List<String> obstacles() {
    NodeObstacles obstacles = new NodeObstacles(cascade);
    return new Wait("", () -> obstacles.above(session.name())).obstacles();
  }

  /**
   * Makes this node the root: from the commit on it accepts writes. In the same transaction the old
   * root becomes its subscriber, so that no event is rotated away before the old root has it.
   *
   * @param oldWorker the worker of the old root
   * @param tick the last tick of the old root
   */
  void promote(
      String oldWorker, long tick, List<SequencePositions.Position> sequences, Deadline deadline)
      throws SQLException {
    List<Reply> replies = new ArrayList<>();
    session.limit(deadline);
    session.exactly(
        db -> {
          replies.clear();
          NodeInfo node = session.info(db);
          mark.requireOn(node);
          if (!isAt(db, tick)) {
            throw new UserError(
                "node '" + session.name() + "' is no longer at tick " + tick, "see 'status'");
          }
          // A sequence with a cache is locked.
          Sql.run(db, LIMITED_AND_DURABLE, deadline.remaining().toMillis() / 2 + 1 + "ms");
          TakeoverMark.removeFrom(db, queue, node);
          SequencePositions.set(db, sequences);
          replies.add(NodeFunctions.promoteBranch(db, queue).orThrow());
          replies.addAll(subscribeOldRoot(db, oldWorker, tick));
          DatabaseFence.lift(db);
          return true;
        });
    replies.forEach(reply -> Replies.check(session.name(), reply));
  }

  private List<Reply> subscribeOldRoot(Connection db, String worker, long tick)
      throws SQLException {
    List<Reply> replies = new ArrayList<>();
    boolean leftover =
        NodeFunctions.getSubscribers(db, queue).stream()
            .anyMatch(subscriber -> subscriber.node().equals(mark.oldNode()));
    if (leftover) {
      replies.add(NodeFunctions.unregisterSubscriber(db, queue, mark.oldNode()).orThrow());
    }
    replies.add(
        NodeFunctions.registerSubscriber(db, queue, mark.oldNode(), worker, tick)
            .reply()
            .orThrow());
    return replies;
  }

  /** Why this database would stay read-only for applications, a line each. */
  List<String> obstaclesToWrites() throws SQLException {
    return session.call(DatabaseFence::obstaclesToLift);
  }

  /** A branch keeps these settings without using them. */
  void prepareTicks(TickSettings settings) throws SQLException {
    session.call(
        db -> {
          settings.applyTo(db, queue);
          return true;
        });
  }

  /** The sequences that are replicated here. */
  List<TableName> sequences() throws SQLException {
    return session.call(db -> ReplicatedSequences.of(db, queue));
  }

  /** After an attempt that failed: a sequence that was set is not rolled back. */
  void followSequences() throws SQLException {
    session.unlimited();
    session.call(
        db -> {
          SequencePositions.follow(db, queue);
          return true;
        });
  }

  @Override
  public void close() {
    session.close();
  }
}
