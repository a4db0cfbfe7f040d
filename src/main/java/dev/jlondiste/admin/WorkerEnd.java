package dev.jlondiste.admin;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a node's worker end, and drops the node when it has: a copy holds locks on its table for
 * hours, and would register its consumer again.
 *
 * <p>The worker ends when its position is gone, and takes its copies along. A server notices that a
 * client is gone only when it has something to send: a session that still builds an index for a
 * worker that is not there any longer is terminated.
 */
final class WorkerEnd {
  private static final Logger log = LoggerFactory.getLogger(WorkerEnd.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final Duration ONE_ATTEMPT = Duration.ofMillis(1);

  private static final String LEFT_BEHIND =
      """
      select distinct a.pid
        from pg_catalog.pg_stat_activity a
        join pg_catalog.pg_locks l on l.pid = a.pid
       where a.datname = pg_catalog.current_database() and a.application_name = ?
         and a.usename = session_user and a.pid <> pg_catalog.pg_backend_pid()
         and l.locktype = 'relation' and l.granted
         and l.mode in ('RowExclusiveLock', 'ShareLock', 'AccessExclusiveLock')
      """;

  private final Cascade cascade;
  private final String node;
  private final String worker;

  WorkerEnd(Cascade cascade, String node, String worker) {
    this.cascade = cascade;
    this.node = node;
    this.worker = worker;
  }

  /** A worker of another implementation is not known here, and ends when the node is gone. */
  void await() throws SQLException, InterruptedException {
    if (!isRunning()) {
      return;
    }
    cascade.call(
        node, db -> NodeFunctions.unregisterConsumer(db, cascade.queue(), worker).orThrow());
    log.info("waiting for worker {} of node {} to end", worker, node);
    if (!Poll.untilOrGiveUp(() -> !isRunning(), notice("worker " + worker + " to end"), PATIENCE)) {
      log.warn("worker {} of node {} still runs: stop it", worker, node);
    }
  }

  private static WaitNotice notice(String goal) {
    return new WaitNotice(goal, List::of);
  }

  private boolean isRunning() throws SQLException {
    return cascade.call(node, db -> NodeLock.isHeld(db, cascade.queue(), worker));
  }

  /** In short attempts, as triggers of its tables are dropped with it. */
  void dropNode() throws SQLException, InterruptedException {
    boolean dropped =
        Poll.untilOrGiveUp(this::tryDrop, notice("locks on the tables of node " + node), PATIENCE);
    if (!dropped) {
      throw new UserError(
          "a table of node '" + node + "' stays locked by another session",
          "pg_locks and pg_stat_activity there show by which; then run drop-node again");
    }
  }

  private boolean tryDrop() throws SQLException {
    try {
      Notes.heed(cascade.call(node, this::drop));
      return true;
    } catch (SQLException e) {
      return endOthersAfter(e, e);
    } catch (UserError e) {
      if (e.getCause() instanceof SQLException cause) {
        return endOthersAfter(cause, e);
      }
      throw e;
    }
  }

  /** Drops the triggers of all its tables: writers wait for all of them together, or not at all. */
  private Reply drop(Connection db) throws SQLException {
    List<String> tables =
        LondisteFunctions.getTables(db, cascade.queue()).stream()
            .filter(TableInfo::local)
            .map(table -> table.destination().quoted())
            .toList();
    return ShortLocks.of(ONE_ATTEMPT, new StopSignal())
        .call(
            db,
            tables,
            LockHolders.Mode.AGAINST_ALL,
            attempt -> {
              ShortLocks.lockAll(attempt, tables);
              return NodeFunctions.dropNode(attempt, cascade.queue(), node).orThrow();
            });
  }

  /** False, for: try again. */
  private <E extends Exception> boolean endOthersAfter(SQLException cause, E failure)
      throws SQLException, E {
    if (!SqlFaults.state(cause).equals(LOCK_NOT_AVAILABLE)) {
      throw failure;
    }
    if (!isRunning()) {
      cascade.call(node, this::terminateLeftBehind);
    }
    return false;
  }

  private boolean terminateLeftBehind(Connection db) throws SQLException {
    for (int pid : Sql.list(db, LEFT_BEHIND, row -> row.getInt(1), worker)) {
      log.info("[{}] ending session {} that worker {} left behind", node, pid, worker);
      Sql.one(db, "select pg_catalog.pg_terminate_backend(?)", row -> row.getBoolean(1), pid);
    }
    return true;
  }
}
