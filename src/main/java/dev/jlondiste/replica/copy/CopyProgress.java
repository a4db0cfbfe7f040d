package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.metrics.Meters;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the progress of copies in {@code londiste.copy_progress}, where {@code status} reads
 * it. It is written outside the copy's transaction, and errors are ignored: a database with the SQL
 * of Londiste does not have that table. Thread-safe.
 */
final class CopyProgress {
  private static final Logger log = LoggerFactory.getLogger(CopyProgress.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final String EXISTS = "select to_regclass('londiste.copy_progress') is not null";
  private static final String STORE =
      """
      insert into londiste.copy_progress
             (queue_name, table_name, phase, bytes_copied, rows_copied, rows_estimated)
      values (?, ?, ?, ?, ?, ?)
      on conflict (queue_name, table_name) do update
         set phase = excluded.phase, bytes_copied = excluded.bytes_copied,
             rows_copied = excluded.rows_copied, rows_estimated = excluded.rows_estimated,
             started = case when excluded.bytes_copied = 0 then now()
                            else copy_progress.started end,
             updated = now()
      """;
  private static final String FORGET =
      "delete from londiste.copy_progress where queue_name = ? and table_name = ?";

  private final String queue;
  private final Database local;
  private final Meters meters;
  private final Clock clock;
  private final Map<TableName, Long> estimates = new ConcurrentHashMap<>();
  private final Map<TableName, Instant> stored = new ConcurrentHashMap<>();

  CopyProgress(String queue, Database local, Meters meters, Clock clock) {
    this.queue = queue;
    this.local = local;
    this.meters = meters;
    this.clock = clock;
  }

  void started(TableName table, long estimatedRows) {
    estimates.put(table, estimatedRows);
    store(table, "copy", 0, 0);
  }

  void moved(TableName table, long bytes, long rows) {
    Instant last = stored.getOrDefault(table, Instant.MIN);
    if (!last.isAfter(clock.instant().minus(EVERY))) {
      store(table, "copy", bytes, rows);
    }
  }

  /** All rows are copied; indexes and keys are being rebuilt. */
  void indexing(TableName table, long bytes, long rows) {
    meters.copied(table.full(), rows, bytes);
    store(table, "index", bytes, rows);
  }

  /** Deletes the entries that a killed process has left behind. */
  void forgetAll() {
    attempt("delete from londiste.copy_progress where queue_name = ?", queue);
  }

  /** The copy has succeeded or failed. */
  void finished(TableName table) {
    estimates.remove(table);
    if (stored.remove(table) != null) {
      attempt(FORGET, queue, table.full());
    }
  }

  private void store(TableName table, String phase, long bytes, long rows) {
    stored.put(table, clock.instant());
    attempt(STORE, queue, table.full(), phase, bytes, rows, estimates.getOrDefault(table, 0L));
  }

  private void attempt(String sql, Object... parameters) {
    try {
      local.call(
          db -> Sql.one(db, EXISTS, row -> row.getBoolean(1)) ? Sql.run(db, sql, parameters) : 0);
    } catch (SQLException | RuntimeException e) {
      log.debug("progress not stored: {}", e.getMessage());
    }
  }
}
