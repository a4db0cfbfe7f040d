package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Requests ticks of a root's queue, on a connection of its own. */
final class NewTick implements AutoCloseable {
  /** More frequent requests would only cause superfluous ticks. */
  private static final long REQUEST_PERIOD_NANOS = Duration.ofSeconds(2).toNanos();

  /**
   * Creates a tick directly, because a ticker may react too late for the time that a table may be
   * locked. Used only with jlondiste's own database code, whose pgq.ticker() every role may call.
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
  private final String queue;
  private final Connection db;

  private NewTick(TableSource root, String queue, Connection db) {
    this.root = root;
    this.queue = queue;
    this.db = db;
  }

  /** Connects. */
  static NewTick on(TableSource root, String queue) throws SQLException {
    return new NewTick(root, queue, root.database().open());
  }

  /**
   * Returns the first tick whose snapshot includes everything that is committed now. A tick that
   * appears later may have an older snapshot.
   */
  long await(PointWait limit) throws SQLException, InterruptedException {
    TxidSnapshot now = PgqFunctions.currentSnapshot(db);
    db.commit();
    long[] requested = {System.nanoTime() - REQUEST_PERIOD_NANOS};
    return limit.forValue(
        () -> {
          OptionalLong last = PgqFunctions.lastTick(db, queue);
          boolean found = last.isPresent() && covers(last.getAsLong(), now);
          if (!found && System.nanoTime() - requested[0] >= REQUEST_PERIOD_NANOS) {
            requested[0] = System.nanoTime();
            request();
          }
          db.commit();
          return found ? Optional.of(last.getAsLong()) : Optional.empty();
        },
        "node '" + root.node().name() + "' has no new tick, is its ticker running?");
  }

  private void request() throws SQLException {
    PgqFunctions.forceTick(db, queue);
    db.commit();
    Sql.run(db, TICK, queue);
  }

  private boolean covers(long tick, TxidSnapshot now) throws SQLException {
    Optional<TxidSnapshot> seen = PgqFunctions.tickSnapshot(db, queue, tick);
    return seen.isPresent() && now.isCoveredBy(seen.get());
  }

  @Override
  public void close() throws SQLException {
    try (Connection ended = db) {
      ended.rollback();
    }
  }
}
