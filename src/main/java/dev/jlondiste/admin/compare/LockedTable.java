package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
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
 * A table of the root, locked against changes: for a moment only, as writers wait meanwhile. When
 * that was too short, {@link PointWait.AttemptOver} asks to let go and try again.
 */
final class LockedTable implements SourceFreeze {
  /** Asking for a tick again and again would only make the ticker tick too often. */
  private static final long ASK_EVERY = Duration.ofSeconds(2).toNanos();

  /** With the attempt to get the lock still below a second. */
  private static final Duration HELD_AT_MOST = Duration.ofMillis(600);

  /** A ticker may take longer to notice than we may hold the lock. Ours can be called by anyone. */
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
    Connection ticks = root.database().open(); // before the lock, as it may take a while
    try {
      Connection lock = root.database().open();
      try {
        ShortLocks.ofCommand(timeout)
            .run(
                lock,
                List.of(table.quoted()),
                LockHolders.Mode.AGAINST_WRITERS,
                attempt ->
                    Sql.run(attempt, "lock table only " + table.quoted() + " in share mode"));
        return new LockedTable(root, table, queue, limit.attempt(HELD_AT_MOST), lock, ticks);
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
   * A tick that was only noticed after the lock may have been taken before: it counts when it saw
   * all that is committed now.
   */
  @Override
  public long lastTick() throws SQLException, InterruptedException {
    TxidSnapshot now = PgqFunctions.currentSnapshot(ticks);
    ticks.commit();
    long[] asked = {System.nanoTime() - ASK_EVERY};
    return limit.forValue(
        () -> {
          OptionalLong last = PgqFunctions.lastTick(ticks, queue);
          boolean found = last.isPresent() && covers(last.getAsLong(), now);
          if (!found && System.nanoTime() - asked[0] >= ASK_EVERY) {
            asked[0] = System.nanoTime();
            PgqFunctions.forceTick(ticks, queue);
            ticks.commit();
            Sql.run(ticks, TICK, queue);
          }
          ticks.commit();
          return found ? Optional.of(last.getAsLong()) : Optional.empty();
        },
        "node '" + root.node().name() + "' has made no tick, is its ticker running?");
  }

  private boolean covers(long tick, TxidSnapshot now) throws SQLException {
    Optional<TxidSnapshot> seen = PgqFunctions.tickSnapshot(ticks, queue, tick);
    return seen.isPresent() && now.isCoveredBy(seen.get());
  }

  /** The lock lives as long as its transaction, which ends with the session that has it. */
  @Override
  public void requireHeld() throws SQLException {
    try {
      Sql.run(lock, "select 1");
    } catch (SQLException e) {
      throw new UserError(
          "the lock of %s on %s was lost while the worker caught up"
              .formatted(table, root.node().name()),
          "its session was ended: look for timeouts in the options of the connect string, and for"
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
        Connection asked = ticks) {
      held.rollback();
      asked.rollback();
    }
  }
}
