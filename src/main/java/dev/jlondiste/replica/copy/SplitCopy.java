package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.db.Conversation;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableState;
import dev.jlondiste.structure.Ddl;
import dev.jlondiste.structure.DroppableObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one table by several streams. Each has a connection to the source and one to this
 * database, and all read with the same exported snapshot.
 *
 * <p>Several streams cannot share one transaction on this side, so intermediate states of the table
 * are visible to other sessions and may remain after a crash: empty and without its indexes, partly
 * filled, partly indexed. In all of them the table is {@code in-copy}, and {@code dropped_ddl}
 * contains what it lacks; each transaction that drops or builds an object updates it. The next
 * attempt starts over: it empties the table, builds what is missing, and copies (see {@link
 * InitialCopy}). Only the last transaction, after all streams have committed, sets {@code
 * catching-up}. Other sessions may read the table meanwhile.
 */
final class SplitCopy {
  private static final Logger log = LoggerFactory.getLogger(SplitCopy.class);

  /**
   * A session that waits for an exclusive lock on the source waits for our first stream, and a
   * further stream would wait behind that session. The server cannot detect this deadlock, because
   * part of the cycle is in this process.
   */
  private static final String LOCK_TIMEOUT = "set local lock_timeout = '5s'";

  private static final String OURS = "select to_regclass('londiste.copy_progress') is not null";

  private final String queue;
  private final Database local;
  private final RemoteNodes remote;
  private final CopyProgress progress;
  private final StreamQuota streams;
  private final long indexMemory;

  SplitCopy(
      String queue,
      Database local,
      RemoteNodes remote,
      CopyProgress progress,
      StreamQuota streams,
      long indexMemory) {
    this.queue = queue;
    this.local = local;
    this.remote = remote;
    this.progress = progress;
    this.streams = streams;
    this.indexMemory = indexMemory;
  }

  /**
   * False if the table keeps its rows; if triggers would have to be disabled, visible to all
   * sessions; if rows of other tables refer to the table, because other sessions would see it
   * empty; and with the SQL of Londiste, which removes a table without restoring what was dropped.
   */
  static boolean isPossible(Connection here, CopyJob job) throws SQLException {
    return !job.table().keepsRows()
        && UserTriggers.areSilent(here, job.target())
        && EmptyTable.referencesTo(here, job.target()).isEmpty()
        && Sql.one(here, OURS, row -> row.getBoolean(1));
  }

  /**
   * Copies the table. The transaction of {@code there} holds the snapshot; that of {@code here} has
   * locked the table and done nothing else.
   *
   * @return false if the table no longer belongs to this worker
   */
  boolean copy(CopyJob job, List<String> ranges, Connection there, Connection here, StopSignal stop)
      throws SQLException, InterruptedException {
    CopyAttempt attempt = new CopyAttempt(queue, job);
    TableRebuild rebuild = TableRebuild.of(here, job.target(), triggers(job, there, here), false);
    rebuild.drop(here);
    EmptyTable.empty(here, job.target());
    attempt.sign(here, rebuild.restoreSql());
    here.commit();
    if (!moveRows(job, attempt, ranges, there, stop)) {
      return false;
    }
    there.commit();
    streams.hold(0);
    if (!build(job, attempt, rebuild, stop)) {
      return false;
    }
    rebuild.analyze(here);
    if (!attempt.lock(here)) {
      return false;
    }
    LondisteFunctions.setTableState(
            here, queue, job.table().name(), job.snapshot(), TableState.CATCHING_UP)
        .orThrow();
    here.commit();
    return true;
  }

  private List<DroppableObject> triggers(CopyJob job, Connection there, Connection here)
      throws SQLException {
    return NativeTriggers.toReplace(there, job.original().quoted(), here, queue, job.table());
  }

  private boolean moveRows(
      CopyJob job, CopyAttempt attempt, List<String> ranges, Connection there, StopSignal stop)
      throws SQLException, InterruptedException {
    int width = Math.min(streams.granted(), ranges.size());
    log.info("{}: start copy, {} ranges by {} streams", job.table().name(), ranges.size(), width);
    Queue<String> waiting = new ConcurrentLinkedQueue<>(ranges);
    CopyCounters tally = new CopyCounters(job, progress);
    List<Connection> sources = new ArrayList<>(List.of(there));
    CopyTasks helpers = new CopyTasks("copy " + job.table().name(), width, stop);
    try (helpers) {
      String snapshot = Sql.one(there, "select pg_export_snapshot()", row -> row.getString(1));
      for (int i = 1; i < width; i++) {
        sources.add(sharing(job, snapshot));
      }
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (Connection source : sources) {
        tasks.add(() -> stream(job, attempt, waiting, source, helpers.stop(), tally));
      }
      boolean done = helpers.run(tasks, () -> local.call(attempt::isCurrent));
      if (done) {
        log.info(
            "{}: copy finished: {} bytes, {} rows",
            job.table().name(),
            tally.bytes(),
            tally.rows());
        progress.indexing(job.table().name(), tally.bytes(), tally.rows());
      }
      return done;
    } finally {
      if (!helpers.haveEnded()) {
        sources.forEach(
            Conversation::cut); // otherwise their next users would read the responses to a part's
        // statements
      }
      sources.subList(1, sources.size()).forEach(SplitCopy::close);
    }
  }

  /**
   * Closes a connection to the source. Nothing was written there, so an error is only logged: it
   * must not prevent closing the others or hide the first error.
   */
  private static void close(Connection source) {
    try {
      source.close();
    } catch (SQLException e) {
      log.debug("closing a stream's source: {}", e.getMessage());
    }
  }

  /** Opens a further transaction with the same snapshot. */
  private Connection sharing(CopyJob job, String snapshot) throws SQLException {
    Connection source = remote.at(job.source().location()).open();
    try {
      source.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      Ddl.run(source, "set transaction snapshot " + Quoting.literal(snapshot));
      QualifiedNames.begin(source);
      Ddl.run(source, LOCK_TIMEOUT);
      Ddl.run(
          source, "lock table " + TableRows.of(source, job.original()) + " in access share mode");
      return source;
    } catch (SQLException e) {
      try (source) {
        throw e;
      }
    }
  }

  private boolean stream(
      CopyJob job,
      CopyAttempt attempt,
      Queue<String> waiting,
      Connection source,
      StopSignal stop,
      CopyCounters tally)
      throws SQLException, InterruptedException {
    try (Connection here = local.open()) {
      LondisteFunctions.setSessionReplicationRole(here, "replica", true);
      for (String range = waiting.poll(); range != null; range = waiting.poll()) {
        String copyOut = job.copyOut(range);
        CopyCounters.Part part = tally.part();
        part.moved(job.columns().move(source, copyOut, here, job.target(), false, stop, part));
      }
      boolean current = attempt.lockShared(here);
      if (current) {
        here.commit();
      }
      return current;
    }
  }

  private boolean build(CopyJob job, CopyAttempt attempt, TableRebuild rebuild, StopSignal stop)
      throws SQLException, InterruptedException {
    Object oneAtATime = new Object();
    try (CopyTasks helpers =
        new CopyTasks("index " + job.table().name(), streams.granted(), stop)) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (DroppableObject index : rebuild.buildableInParallel()) {
        tasks.add(() -> build(index, attempt, rebuild, oneAtATime, helpers.stop()));
      }
      if (!helpers.run(tasks, () -> true)) {
        return false;
      }
    }
    for (DroppableObject object : rebuild.missing()) {
      if (!build(object, attempt, rebuild, oneAtATime, stop)) {
        return false;
      }
    }
    return true;
  }

  private boolean build(
      DroppableObject object,
      CopyAttempt attempt,
      TableRebuild rebuild,
      Object oneAtATime,
      StopSignal stop)
      throws SQLException, InterruptedException {
    if (stop.isRequested()) {
      throw new InterruptedException("stopped before all indexes were built");
    }
    try (Connection here = local.open()) {
      IndexMemory.raise(here, indexMemory);
      rebuild.create(here, object);
      synchronized (oneAtATime) {
        if (!attempt.lock(here)) {
          return false;
        }
        attempt.recordDropped(here, rebuild.restoreSqlWithout(object));
        here.commit();
        rebuild.wasCreated(object);
        return true;
      }
    }
  }
}
