package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.takeover.clients.DatabaseFence;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.DurableCommit;
import dev.jlondiste.db.LockHolders;
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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The root that gives its place to another node: closes, and opens again if the takeover does not
 * succeed. A closed root refuses events, so writes to its replicated tables fail.
 */
final class OldRoot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OldRoot.class);
  private static final String EVENT_TABLE =
      "select pgq.quote_fqname(queue_data_pfx) from pgq.queue where queue_name = ?";
  private static final String EVENT_TABLES =
      """
      select pgq.quote_fqname(queue_data_pfx || '_' || nr)
        from pgq.queue, pg_catalog.generate_series(0, queue_ntables - 1) nr
       where queue_name = ?
      """;
  private static final String CAN_REOPEN =
      "select to_regprocedure('pgq_node.reopen_root(text)') is not null";

  /** For a database with the SQL of PgQ, which has no function for it. */
  private static final String REOPEN_DIRECTLY =
      """
      update pgq.queue q
         set queue_disable_insert = false,
             queue_external_ticker = false
       where q.queue_name = ?
         and exists (select 1 from pgq_node.node_info n
                      where n.queue_name = q.queue_name and n.node_type = 'root')
      """;

  private final MemberSession session;
  private final String queue;
  private final TakeoverMark mark;
  private final boolean fenceDatabase;
  private Optional<String> otherObstacle = Optional.empty();

  OldRoot(Cascade cascade, TakeoverMark mark, boolean fenceDatabase) {
    this.fenceDatabase = fenceDatabase;
    this.session = new MemberSession(cascade, mark.oldNode());
    this.queue = cascade.queue();
    this.mark = mark;
  }

  MemberSession session() {
    return session;
  }

  boolean isClosed() throws SQLException {
    return session.call(db -> PgqFunctions.isInsertDisabled(db, queue));
  }

  /** Replaces the mark of an earlier command. */
  void claim() throws SQLException {
    session.exactly(
        db -> {
          mark.putOn(db, queue, session.info(db));
          return true;
        });
  }

  /** The last step of a takeover, finished or undone. */
  void removeMark() throws SQLException {
    session.exactly(
        db -> {
          NodeInfo node = session.info(db);
          if (TakeoverMark.of(node).isPresent()) {
            mark.requireOn(node);
          }
          TakeoverMark.removeFrom(db, queue, node);
          return true;
        });
  }

  /** The event tables as one relation, quoted. */
  String eventTable() throws SQLException {
    return session.call(db -> Sql.one(db, EVENT_TABLE, row -> row.getString(1), queue));
  }

  /** Describes the transactions that have written events and are open now, a line each. */
  List<String> writers() throws SQLException {
    session.unlimited();
    return session.call(
        db ->
            LockHolders.of(
                db,
                Sql.list(db, EVENT_TABLES, row -> row.getString(1), queue),
                LockHolders.Mode.AGAINST_WRITERS));
  }

  /** What prevented closing, if it was not a transaction that has written events. */
  Optional<String> otherObstacle() {
    return otherObstacle;
  }

  /**
   * Closes the root and inserts its last tick. Writers wait at most {@code lockTimeout} for each
   * attempt, and are refused after success.
   *
   * @return the last tick; empty if a transaction that has written events did not end in time, and
   *     the root is open again
   */
  Optional<Long> close(Duration lockTimeout, Deadline deadline)
      throws SQLException, InterruptedException {
    otherObstacle = Optional.empty();
    session.limit(deadline);
    return hasOwnCode() ? closeAtOnce(lockTimeout) : closeInTwoSteps(lockTimeout, deadline);
  }

  private boolean hasOwnCode() throws SQLException {
    return session.call(db -> Sql.one(db, CAN_REOPEN, row -> row.getBoolean(1)));
  }

  private Optional<Long> closeAtOnce(Duration lockTimeout) throws SQLException {
    String eventTable = eventTable();
    List<Reply> replies = new ArrayList<>();
    Optional<Long> tick =
        session.unlessLocked(
            db -> {
              replies.clear();
              limitLocks(db, lockTimeout);
              Sql.run(db, "lock table " + eventTable + " in exclusive mode");
              replies.add(demote(db, 1).reply());
              mark.requireOn(session.info(db));
              NodeFunctions.Demotion last = demote(db, 2);
              replies.add(last.reply());
              fence(db);
              return last.lastTick().orElseThrow();
            });
    if (tick.isPresent()) {
      replies.forEach(reply -> Replies.check(session.name(), reply));
    }
    return tick;
  }

  /**
   * PgQ reads the flag before it locks the event table. So the flag is committed first, and writers
   * are refused while the lock is awaited. It reads the flag in the transaction's snapshot, so
   * older snapshots are awaited, too.
   */
  private Optional<Long> closeInTwoSteps(Duration lockTimeout, Deadline deadline)
      throws SQLException, InterruptedException {
    Reply first =
        session.call(
            db -> {
              Reply reply = demote(db, 1).reply();
              mark.requireOn(session.info(db));
              return reply;
            });
    Replies.check(session.name(), first);
    OldSnapshots snapshots = session.call(OldSnapshots::of);
    Duration half = deadline.remaining().dividedBy(2);
    Deadline lockDeadline = Deadline.in(half);
    Optional<NodeFunctions.Demotion> last = Optional.empty();
    do {
      last =
          session.unlessLocked(
              db -> {
                limitLocks(db, lockTimeout);
                NodeFunctions.Demotion demotion = demote(db, 2);
                fence(db);
                return demotion;
              });
    } while (last.isEmpty() && !lockDeadline.isOver());
    last.ifPresent(step -> Replies.check(session.name(), step.reply()));
    if (last.isPresent() && !snapshots.awaitEnd(session, lockDeadline)) {
      otherObstacle =
          Optional.of(
              "transactions with older snapshots could still write:"
                  + RootTakeover.lines(snapshots.lines()));
      return Optional.empty();
    }
    return last.map(step -> step.lastTick().orElseThrow());
  }

  private NodeFunctions.Demotion demote(Connection db, int step) throws SQLException {
    NodeFunctions.Demotion demotion = NodeFunctions.demoteRoot(db, queue, step, mark.newNode());
    demotion.reply().orThrow();
    if (demotion.reply().isWarning()) {
      throw new UserError(
          "[" + session.name() + "] " + demotion.reply().note(),
          "the cascade has changed meanwhile, see 'status'");
    }
    return demotion;
  }

  private void fence(Connection db) throws SQLException {
    if (fenceDatabase) {
      DatabaseFence.close(db);
    }
  }

  /** What prevents the end of long transactions, a line each. */
  List<String> obstaclesToCancel() throws SQLException {
    return session.call(LongWriters::obstaclesToEnd);
  }

  /** What prevents the fence, a line each; logs what it does to programs of others. */
  List<String> obstacles() throws SQLException {
    if (!fenceDatabase) {
      return List.of();
    }
    String worker = session.info().worker();
    session
        .call(db -> DatabaseFence.warnings(db, queue, worker))
        .forEach(line -> log.warn("[{}] {}", session.name(), line));
    return session.call(DatabaseFence::obstacles);
  }

  /** Sessions that began before the fence. Called when the new root is open. */
  void endApplicationSessions() throws SQLException {
    if (fenceDatabase) {
      session
          .call(DatabaseFence::endSessions)
          .forEach(line -> log.warn("[{}] not allowed to end: {}", session.name(), line));
    }
  }

  private static void limitLocks(Connection db, Duration lockTimeout) throws SQLException {
    Sql.run(
        db,
        "select pg_catalog.set_config('lock_timeout', ?, true) from " + DurableCommit.JOINED,
        lockTimeout.toMillis() + "ms");
  }

  /**
   * Opens the root again, unless another command has replaced this one. A fence that this or an
   * earlier command has set is lifted, too.
   */
  void reopen() throws SQLException {
    boolean ownCode = hasOwnCode();
    session.exactly(
        db -> {
          NodeInfo node = session.info(db);
          mark.requireOn(node);
          // Changes the row, so that a concurrent change of the mark is a conflict.
          mark.putOn(db, queue, node);
          Replies.check(
              session.name(), ownCode ? NodeFunctions.reopenRoot(db, queue) : reopenDirectly(db));
          DatabaseFence.liftWherePossible(db)
              .forEach(line -> log.warn("[{}] {}", session.name(), line));
          return true;
        });
    log.info("Node '{}' is open for writes again", session.name());
  }

  private Reply reopenDirectly(Connection db) throws SQLException {
    Sql.run(db, REOPEN_DIRECTLY, queue);
    return new Reply(200, "Root accepts events again: " + queue);
  }

  /** Makes the closed root a branch of the new one. */
  void becomeBranch() throws SQLException {
    session.exactly(
        db -> {
          NodeInfo node = session.info(db);
          if (node.isRoot()) {
            mark.requireOn(node);
            Replies.check(session.name(), demote(db, 3).reply());
          }
          return true;
        });
  }

  TickSettings tickSettings() throws SQLException {
    return session.call(db -> TickSettings.chosenFor(db, queue));
  }

  /** The sequences that are replicated here. */
  List<TableName> sequences() throws SQLException {
    return session.call(db -> ReplicatedSequences.of(db, queue));
  }

  /** After the takeover: moves the sequences ahead, as those of any other branch. */
  void followSequences() throws SQLException {
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
