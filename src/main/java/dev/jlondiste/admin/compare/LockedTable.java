package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A table of the root, locked against changes. Writers wait meanwhile, so the lock is held only for
 * a moment; if that is too short, {@link PointWait.AttemptOver} is thrown, and the caller releases
 * the lock and tries again.
 */
final class LockedTable implements SourceFreeze {
  /** More frequent requests would only cause superfluous ticks. */
  private static final long REQUEST_PERIOD_NANOS = Duration.ofSeconds(2).toNanos();

  /** Together with the attempt to get the lock, writers wait for less than a second. */
  private static final Duration MAX_HELD = Duration.ofMillis(600);

  /**
   * Creates a tick directly, because a ticker may react too late for the time that the lock may be
   * held. Used only with jlondiste's own database code, whose pgq.ticker() every role may call.
   */
  private static final String TICK =
      """
      select case when pg_catalog.has_function_privilege(t.ticker::oid, 'execute')
                  then pgq.ticker(q.queue_name) end
        from pgq.queue q
       cross join (select pg_catalog.to_regprocedure('pgq._ticker(text, boolean)')) t (ticker)
       where q.queue_name = ? and t.ticker is not null
         and not q.queue_external_ticker and not q.queue_ticker_paused
      """;

  private final TableSource root;
  private final TableName table;
  private final String queue;
  private final PointWait limit;
  private final Connection lock;
  private final Connection ticks;

  private LockedTable(
      TableSource root,
      TableName table,
      String queue,
      PointWait limit,
      Connection lock,
      Connection ticks) {
    this.root = root;
    this.table = table;
    this.queue = queue;
    this.limit = limit;
    this.lock = lock;
    this.ticks = ticks;
  }

  static LockedTable on(
      TableSource root, TableName table, String queue, Duration timeout, PointWait limit)
      throws SQLException {
    Connection ticks =
        root.database().open(); // before the lock, because connecting may take a while
    try {
      Connection lock = root.database().open();
      try {
        ShortLocks.ofCommand(timeout)
            .run(
                lock,
                List.of(table.quoted()),
                LockHolders.Mode.AGAINST_WRITERS,
                attempt ->
                    Sql.run(
                        attempt, "lock table " + TableRows.of(attempt, table) + " in share mode"));
        return new LockedTable(root, table, queue, limit.attempt(MAX_HELD), lock, ticks);
      } catch (UserError e) {
        try (lock) {
          throw new NotComparable(e.problem(), e);
        }
      } catch (SQLException | RuntimeException e) {
        try (lock) {
          throw e;
        }
      }
    } catch (SQLException | RuntimeException e) {
      try (ticks) {
        throw e;
      }
    }
  }

  /**
   * The first tick whose snapshot includes everything that is committed now. A tick that appears
   * after the lock may have an older snapshot.
   */
  @Override
  public long lastTick() throws SQLException, InterruptedException {
    TxidSnapshot now = PgqFunctions.currentSnapshot(ticks);
    ticks.commit();
    long[] requested = {System.nanoTime() - REQUEST_PERIOD_NANOS};
    return limit.forValue(
        () -> {
          OptionalLong last = PgqFunctions.lastTick(ticks, queue);
          boolean found = last.isPresent() && covers(last.getAsLong(), now);
          if (!found && System.nanoTime() - requested[0] >= REQUEST_PERIOD_NANOS) {
            requested[0] = System.nanoTime();
            PgqFunctions.forceTick(ticks, queue);
            ticks.commit();
            Sql.run(ticks, TICK, queue);
          }
          ticks.commit();
          return found ? Optional.of(last.getAsLong()) : Optional.empty();
        },
        "node '" + root.node().name() + "' has no new tick, is its ticker running?");
  }

  private boolean covers(long tick, TxidSnapshot now) throws SQLException {
    Optional<TxidSnapshot> seen = PgqFunctions.tickSnapshot(ticks, queue, tick);
    return seen.isPresent() && now.isCoveredBy(seen.get());
  }

  /**
   * The lock is held exactly as long as its session and transaction, so a query in it proves that
   * the lock is held.
   */
  @Override
  public void requireHeld() throws SQLException {
    try {
      Sql.run(lock, "select 1");
    } catch (SQLException e) {
      throw new UserError(
          "the lock of %s on %s was lost while the worker caught up"
              .formatted(table, root.node().name()),
          "its session was ended: check the options of the connect string for timeouts, and for"
              + " pg_terminate_backend; then compare again",
          e);
    }
  }

  @Override
  public PointWait limit() {
    return limit;
  }

  @Override
  public void close() throws SQLException {
    try (Connection held = lock;
        Connection other = ticks) {
      held.rollback();
      other.rollback();
    }
  }
}
