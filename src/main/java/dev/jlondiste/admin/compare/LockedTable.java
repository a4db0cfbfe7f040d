package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A table of the root, locked against changes. Writers wait meanwhile, so the lock is held only for
 * a moment; if that is too short, {@link PointWait.AttemptOver} is thrown, and the caller releases
 * the lock and tries again.
 */
final class LockedTable implements SourceFreeze {
  /** Together with the attempt to get the lock, writers wait for less than a second. */
  private static final Duration MAX_HELD = Duration.ofMillis(600);

  private final TableSource root;
  private final TableName table;
  private final PointWait limit;
  private final Connection lock;
  private final NewTick ticks;

  private LockedTable(
      TableSource root, TableName table, PointWait limit, Connection lock, NewTick ticks) {
    this.root = root;
    this.table = table;
    this.limit = limit;
    this.lock = lock;
    this.ticks = ticks;
  }

  static LockedTable on(
      TableSource root, TableName table, String queue, Duration timeout, PointWait limit)
      throws SQLException {
    NewTick ticks = NewTick.on(root, queue); // before the lock: connecting may take a while
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
        return new LockedTable(root, table, limit.attempt(MAX_HELD), lock, ticks);
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

  @Override
  public long lastTick() throws SQLException, InterruptedException {
    return ticks.await(limit);
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
        NewTick other = ticks) {
      held.rollback();
    }
  }
}
