package dev.jlondiste.admin.topology;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.admin.workers.WorkerControl;
import dev.jlondiste.admin.workers.WorkerId;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
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
 * Stops a node's worker, then drops the node. The worker must stop first, because a copy holds
 * locks on its table for hours and would register its consumer again.
 *
 * <p>The worker and its copies stop when the worker's position is removed. A server notices a lost
 * client only when it sends something, so a session that still builds an index for a stopped worker
 * is terminated.
 */
final class WorkerStop {
  private static final Logger log = LoggerFactory.getLogger(WorkerStop.class);
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

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

  WorkerStop(Cascade cascade, String node, String worker) {
    this.cascade = cascade;
    this.node = node;
    this.worker = worker;
  }

  /**
   * Removes the worker's position and waits until the worker stops. The worker of another
   * implementation cannot be detected; it stops when the node is gone.
   */
  void await() throws SQLException, InterruptedException {
    if (!isRunning()) {
      return;
    }
    cascade.call(
        node, db -> NodeFunctions.unregisterConsumer(db, cascade.queue(), worker).orThrow());
    log.info("waiting for worker {} of node {} to end", worker, node);
    boolean ended =
        new Wait("worker " + worker + " to end", List::of)
            .atMost(Deadline.in(MAX_WAIT))
            .until(() -> !isRunning());
    if (!ended) {
      log.warn("worker {} of node {} still runs: stop it", worker, node);
    }
  }

  private boolean isRunning() throws SQLException {
    return new WorkerControl(cascade, new WorkerId(node, worker)).isRunning();
  }

  /**
   * Drops the node and the triggers of its tables. The tables are locked in short attempts, for at
   * most the lock_timeout of commands. If the first attempt fails, sessions that the worker left
   * behind are terminated first.
   */
  void dropNode() throws SQLException {
    try {
      Replies.check(drop(ShortLocks.of(ONE_ATTEMPT, new StopSignal())));
      return;
    } catch (UserError e) {
      if (!(e.getCause() instanceof SQLException)) { // not a lock timeout
        throw e;
      }
    }
    if (!isRunning()) {
      cascade.call(node, this::terminateLeftBehind);
    }
    Replies.check(drop(ShortLocks.ofCommand(cascade.settings().lockTimeout())));
  }

  /**
   * One transaction locks all tables of the node: writers wait for all of them together, or not at
   * all.
   */
  private Reply drop(ShortLocks locks) throws SQLException {
    return cascade.call(
        node,
        db -> {
          List<String> tables =
              LondisteFunctions.getTables(db, cascade.queue()).stream()
                  .filter(TableInfo::local)
                  .map(table -> table.destination().quoted())
                  .toList();
          return locks.call(
              db,
              tables,
              LockHolders.Mode.AGAINST_ALL,
              attempt -> {
                ShortLocks.lockAll(attempt, tables);
                return NodeFunctions.dropNode(attempt, cascade.queue(), node).orThrow();
              });
        });
  }

  private boolean terminateLeftBehind(Connection db) throws SQLException {
    for (int pid : Sql.list(db, LEFT_BEHIND, row -> row.getInt(1), worker)) {
      log.info("[{}] ending session {} that worker {} left behind", node, pid, worker);
      Sql.one(db, "select pg_catalog.pg_terminate_backend(?)", row -> row.getBoolean(1), pid);
    }
    return true;
  }
}
