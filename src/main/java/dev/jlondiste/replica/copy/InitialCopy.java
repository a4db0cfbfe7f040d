package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.RowSecurity;
import dev.jlondiste.replica.SourceNotReady;
import dev.jlondiste.replica.StoredHandler;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.TableState;
import dev.jlondiste.replica.TableStates;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.structure.Ddl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the rows of one table. On the source they are read by one repeatable-read transaction,
 * whose snapshot determines which events the rows already contain; on this side emptying the table,
 * the rows, the indexes, and the new state with that snapshot are one transaction, so the rows and
 * the state are committed together or not at all. A table that several streams copy is the
 * exception, see {@link SplitCopy}.
 */
final class InitialCopy {
  private static final Logger log = LoggerFactory.getLogger(InitialCopy.class);

  private static final int LOCK_SECONDS = 10;

  /** Lock timeout for the table; after it the copy fails and is retried. */
  private static final Duration WAIT_FOR_TABLE = Duration.ofMinutes(1);

  private static final String KIND =
      """
      select c.relkind
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      """;
  private final Supplier<NodeSettings> settings;
  private final String queue;
  private final Database local;
  private final RemoteNodes remote;
  private final CopyProgress progress;
  private final StreamQuota streams;
  private final MergedCopy merged;

  InitialCopy(
      Supplier<NodeSettings> settings,
      Database local,
      RemoteNodes remote,
      CopyProgress progress,
      StreamQuota streams,
      MergedCopy merged) {
    this.settings = settings;
    this.queue = settings.get().queueName();
    this.local = local;
    this.remote = remote;
    this.progress = progress;
    this.streams = streams;
    this.merged = merged;
  }

  /**
   * Copies and moves the table to catching-up.
   *
   * @param shared true if other queues feed the table, too
   * @return false if an operator changed the state meanwhile, or if the copy has to wait
   * @throws SourceNotReady if the source does not have the table in sync
   */
  boolean copy(
      TableInfo table, boolean shared, CopySource source, CopyConsumer consumer, StopSignal stop)
      throws SQLException, InterruptedException {
    streams.hold(streams.granted());
    try (Connection there = remote.at(source.location()).open()) {
      TableInfo original = original(there, source, table);
      there.commit();
      try (Connection here = local.open()) {
        Optional<TableInfo> ours =
            shared ? merged.enter(here, table, stop) : ours(here, table, stop);
        return ours.isPresent()
            && copy(
                ours.get(), shared, original.destination(), source, consumer, there, here, stop);
      }
    } finally {
      progress.finished(table.name());
    }
  }

  /**
   * Empties a table that several queues feed, before their rows are copied.
   *
   * @return false if another copy was faster, or an operator has changed the table's state
   */
  boolean lead(TableInfo table, CopySource source, StopSignal stop) throws SQLException {
    try (Connection there = remote.at(source.location()).open()) {
      original(there, source, table);
      there.commit();
    }
    local.run(db -> requireOwnRows(db, table));
    return merged.lead(table, stop);
  }

  private TableInfo original(Connection there, CopySource source, TableInfo table)
      throws SQLException {
    TableInfo original =
        CopySource.tableThere(there, queue, table)
            .orElseThrow(
                () ->
                    new SourceNotReady(
                        "Table "
                            + table.name()
                            + " not OK on node "
                            + source.node()
                            + ", waiting"));
    source.requireRows(there, queue, original);
    return original;
  }

  /**
   * Locks the table and reads its state. An earlier attempt whose commit is still pending holds the
   * lock until the commit is decided, so the state is reliable only after the lock is acquired.
   */
  private Optional<TableInfo> ours(Connection here, TableInfo table, StopSignal stop)
      throws SQLException {
    LondisteFunctions.setSessionReplicationRole(here, "replica", true);
    String target = table.destination().quoted();
    String rows = TableRows.of(here, table.destination());
    ShortLocks.of(WAIT_FOR_TABLE, stop)
        .run(
            here,
            List.of(target),
            LockHolders.Mode.AGAINST_ALL,
            attempt -> run(attempt, "lock table " + rows + " in access exclusive mode"));
    if (MergedTable.of(here, queue, table.destination()).isShared()) {
      return Optional.empty(); // another queue was added meanwhile
    }
    return LondisteFunctions.getTables(here, queue).stream()
        .filter(now -> now.name().equals(table.name()) && now.local())
        .filter(now -> now.state().equals(table.state()))
        .filter(now -> now.destination().equals(table.destination()))
        .findFirst();
  }

  /** Locks the table on the source. The wait is limited, because it occupies a copy slot. */
  private static void lockSource(Connection there, TableName table) throws SQLException {
    run(there, "set local lock_timeout = '" + LOCK_SECONDS + "s'");
    try {
      run(there, "lock table " + TableRows.of(there, table) + " in access share mode");
    } catch (SQLException e) {
      if (SqlFaults.state(e).equals("55P03")) {
        throw new SQLException(
            "could not lock %s on its source within %d s: another transaction holds it"
                .formatted(table, LOCK_SECONDS),
            "55P03",
            e);
      }
      throw e;
    }
    run(there, "set local lock_timeout = 0");
  }

  private boolean copy(
      TableInfo table,
      boolean shared,
      TableName original,
      CopySource source,
      CopyConsumer consumer,
      Connection there,
      Connection here,
      StopSignal stop)
      throws SQLException, InterruptedException {
    log.info("Starting full copy of {}", table.name());
    if (!shared) {
      requireOwnRows(here, table);
    }
    RowSecurity.requireAllRows(here, table.destination(), "this node");
    RowSecurity.requireAllRows(there, original, "node " + source.node());
    there.commit();
    consumer.register(source); // before the snapshot is taken, so that no event is lost
    there.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    // LOCK takes no snapshot, so it must be the first statement. Without the lock a copy or
    // TRUNCATE on the source, which are not MVCC-safe, could change the rows that our snapshot
    // reads.
    lockSource(there, original);
    QualifiedNames.begin(there);
    original(there, source, table);
    TableHandler handler = StoredHandler.of(table, queue, settings.get().handlerSettings());
    CopyColumns columns = CopyColumns.of(there, original, here, table.destination(), handler);
    CopyJob job =
        new CopyJob(
            table,
            original,
            source,
            columns,
            both(
                handler.copyCondition(here),
                FollowedPartitions.condition(there, queue, table, original)),
            PgqFunctions.currentSnapshot(there));
    if (!shared) {
      repairStructure(here, job);
    }
    progress.started(table.name(), RowEstimate.of(there, original));
    List<String> ranges =
        !shared && SplitCopy.isPossible(here, job)
            ? TableRanges.of(there, original, streams.granted())
            : List.of();
    boolean done;
    if (shared) {
      done = copyPart(job, there, here, stop);
    } else if (ranges.size() > 1) {
      done = split().copy(job, ranges, there, here, stop);
    } else {
      done = copyAsOne(job, there, here, stop);
    }
    if (done) {
      log.info("Table {} status changed to '{}'", table.name(), TableState.CATCHING_UP);
    }
    return done;
  }

  private static Optional<String> both(Optional<String> one, Optional<String> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of("(" + one.get() + ") and (" + other.get() + ")")
        : one.or(() -> other);
  }

  private SplitCopy split() {
    return new SplitCopy(queue, local, remote, progress, streams, indexMemory());
  }

  private long indexMemory() {
    return settings.get().copies().indexMemory();
  }

  /**
   * Restores what an unfinished attempt of several transactions has dropped, see {@link SplitCopy}.
   */
  private void repairStructure(Connection here, CopyJob job) throws SQLException {
    if (job.table().droppedDdl().isPresent()) {
      log.info("{}: restoring what an unfinished copy has dropped", job.table().name());
      EmptyTable.empty(here, job.target());
      Ddl.run(here, job.table().droppedDdl().get());
      LondisteFunctions.setTableStructure(here, queue, job.table().name(), null).orThrow();
    }
  }

  private boolean copyAsOne(CopyJob job, Connection there, Connection here, StopSignal stop)
      throws SQLException, InterruptedException {
    TableInfo table = job.table();
    TableName target = job.target();
    streams.hold(1);
    TableRebuild rebuild =
        TableRebuild.of(
            here,
            target,
            NativeTriggers.toReplace(there, job.original().quoted(), here, queue, table),
            table.keepsRows());
    rebuild.drop(here);
    UserTriggers triggers = UserTriggers.silence(here, target);
    boolean truncated = false;
    if (table.keepsRows()) {
      log.info("{}: skipping truncate", table.name());
    } else {
      truncated = EmptyTable.emptyForCopy(here, queue, table);
    }
    moveRows(job, there, here, truncated && isFreezable(here, target), stop);
    triggers.restore(here);
    IndexMemory.raise(here, indexMemory());
    rebuild.restore(here, stop);
    rebuild.analyze(here);
    // Last, because the change locks the row, and an operator's command for the table would wait
    // for it.
    if (!TableStates.change(here, queue, table, TableState.CATCHING_UP, job.snapshot())) {
      return false;
    }
    here.commit();
    return true;
  }

  /** Copies the rows of one queue to a table that other queues feed, too: see {@link CopyTurn}. */
  private boolean copyPart(CopyJob job, Connection there, Connection here, StopSignal stop)
      throws SQLException, InterruptedException {
    streams.hold(1);
    UserTriggers triggers = UserTriggers.silence(here, job.target());
    try {
      moveRows(job, there, here, false, stop);
    } catch (SQLException e) {
      if (SqlFaults.state(e).equals("23505")) {
        throw presentAlready(job, e);
      }
      throw e;
    }
    triggers.restore(here);
    if (!TableStates.change(here, queue, job.table(), TableState.CATCHING_UP, job.snapshot())) {
      return false;
    }
    here.commit();
    return true;
  }

  private static UserError presentAlready(CopyJob job, SQLException cause) {
    return new UserError(
        "a row of %s is in %s already: %s"
            .formatted(job.source().node(), job.target(), cause.getMessage()),
        "if another source has the same key, correct it there; if this source was copied before,"
            + " 'resync "
            + job.table().name()
            + "' copies the table again from all its queues",
        cause);
  }

  private void moveRows(
      CopyJob job, Connection there, Connection here, boolean freeze, StopSignal stop)
      throws SQLException, InterruptedException {
    TableName name = job.table().name();
    log.info("{}: start copy", name);
    RowStream.Moved moved =
        job.columns()
            .move(
                there,
                job.copyOut(),
                here,
                job.target(),
                freeze,
                stop,
                soFar -> progress.moved(name, soFar.bytes(), soFar.rows()));
    there.commit();
    streams.hold(0);
    log.info("{}: copy finished: {} bytes, {} rows", name, moved.bytes(), moved.rows());
    progress.indexing(name, moved.bytes(), moved.rows());
  }

  /**
   * True if COPY FREEZE is possible: the rows need no freezing later and no hint bits at the first
   * read. A transaction with an older snapshot sees frozen rows; without FREEZE it would see an
   * empty table, because TRUNCATE is not MVCC-safe.
   */
  private static boolean isFreezable(Connection here, TableName target) throws SQLException {
    return Sql.first(here, KIND, row -> row.getString(1), target.schema(), target.name())
        .equals(Optional.of("r"));
  }

  /**
   * Refuses a table that other queues write to independently, because emptying it would delete
   * their rows.
   */
  private void requireOwnRows(Connection here, TableInfo table) throws SQLException {
    List<String> others = MergedTable.otherWriters(here, queue, table.destination());
    if (!others.isEmpty() && !table.keepsRows()) {
      throw new UserError(
          "table "
              + table.destination()
              + " is also fed by queue "
              + String.join(", ", others)
              + ", which is not merged into the same queue: a copy would delete the rows from there",
          "remove it from this queue and add it again with --skip-truncate or --expect-sync");
    }
  }

  private static void run(Connection here, String sql) throws SQLException {
    try (Statement statement = here.createStatement()) {
      statement.execute(sql);
    }
  }
}
