package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** A table of the root, locked against changes. */
final class LockedTable implements Standstill {
  /** Asking for a tick again and again would only make the ticker tick too often. */
  private static final long ASK_EVERY = Duration.ofSeconds(2).toNanos();

  private final TableSource root;
  private final TableName table;
  private final String queue;
  private final Patience patience;
  private final Connection lock;

  private LockedTable(
      TableSource root, TableName table, String queue, Patience patience, Connection lock) {
    this.root = root;
    this.table = table;
    this.queue = queue;
    this.patience = patience;
    this.lock = lock;
  }

  static LockedTable on(
      TableSource root, TableName table, String queue, Duration timeout, Patience patience)
      throws SQLException {
    Connection lock = root.database().open();
    try {
      Sql.run(
          lock,
          "select set_config('statement_timeout', ?, true)",
          Long.toString(timeout.toMillis()));
      Sql.run(lock, "lock table only " + table.quoted() + " in share mode");
      return new LockedTable(root, table, queue, patience, lock);
    } catch (SQLException e) {
      lock.close();
      if (SqlFaults.state(e).equals("57014")) {
        throw new UserError(
            "%s could not be locked within %d s".formatted(table, timeout.toSeconds()),
            "a transaction on " + root.node().name() + " is writing to it for long",
            e);
      }
      throw e;
    }
  }

  /**
   * A tick that was only noticed after the lock may have been taken before: it counts when it saw
   * all that is committed now.
   */
  @Override
  public long lastTick() throws SQLException, InterruptedException {
    try (Connection ticks = root.database().open()) {
      TxidSnapshot now = PgqFunctions.currentSnapshot(ticks);
      ticks.commit();
      long[] found = {0};
      long[] asked = {System.nanoTime() - ASK_EVERY};
      patience.await(
          () -> {
            OptionalLong last = PgqFunctions.lastTick(ticks, queue);
            if (last.isPresent() && covers(ticks, last.getAsLong(), now)) {
              found[0] = last.getAsLong();
            } else if (System.nanoTime() - asked[0] >= ASK_EVERY) {
              asked[0] = System.nanoTime();
              PgqFunctions.forceTick(ticks, queue);
            }
            ticks.commit();
            return found[0] > 0;
          },
          "node '" + root.node().name() + "' has made no tick, is its ticker running?");
      return found[0];
    }
  }

  private boolean covers(Connection ticks, long tick, TxidSnapshot now) throws SQLException {
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
  public void close() throws SQLException {
    lock.close();
  }
}
