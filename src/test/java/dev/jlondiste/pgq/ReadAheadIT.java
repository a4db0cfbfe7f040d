package dev.jlondiste.pgq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.jlondiste.db.Sql;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reading stops at any event of a batch, with and without a reader thread, on a connection of a
 * pool.
 */
class ReadAheadIT {
  private static final int EVENTS = 20_000;

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void a_batch_can_be_left_anywhere(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase()) {
      database.load(Path.of("sql/pgq/install.sql"));
      database.execute("select pgq.create_queue('q')");
      database.execute("select pgq.set_queue_config('q', 'ticker_max_count', '1')");
      database.execute("select pgq.register_consumer('q', 'c')");
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(database.jdbcUrl());
      config.setMaximumPoolSize(1);
      try (HikariDataSource pool = new HikariDataSource(config)) {
        Batch small = batch(database, pool, 30);
        for (int left : List.of(0, 1, 29, 30)) {
          leave(pool, small, left, 30);
        }
        try (Connection db = pool.getConnection()) {
          PgqFunctions.finishBatch(db, small.id());
        }
        Batch large = batch(database, pool, EVENTS);
        for (int left : List.of(0, 1, 499, 500, 501, 700, 5000, EVENTS - 1, EVENTS)) {
          leave(pool, large, left, EVENTS);
        }
      }
    }
  }

  private static Batch batch(TestDatabase database, HikariDataSource pool, int events)
      throws SQLException {
    database.execute(
        "select count(pgq.insert_event('q', 't', repeat('x', 200))) from generate_series(1, "
            + events
            + ")");
    database.execute("select pgq.ticker('q')");
    try (Connection db = pool.getConnection()) {
      return PgqFunctions.nextBatch(db, "q", "c", BatchLimits.NEXT_TICK).orElseThrow();
    }
  }

  /**
   * Reads this many events and closes; the pool's connection must then return the result of the
   * next query, not of the batch.
   */
  private static void leave(HikariDataSource pool, Batch batch, int left, int events)
      throws SQLException, InterruptedException {
    try (Connection db = pool.getConnection()) {
      try (ReadAhead ahead = new ReadAhead(EventStream.open(db, batch, null, true), 1 << 20)) {
        for (int i = 0; i < left; i++) {
          assertThat(ahead.next()).as("event %d", i).isPresent();
        }
        if (left == events) {
          assertThat(ahead.next()).isEmpty();
        }
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(Thread.getAllStackTraces().keySet())
                      .noneMatch(thread -> thread.getName().endsWith("-reader")));
    }
    try (Connection db = pool.getConnection()) {
      int answer = Sql.one(db, "select ?::int", row -> row.getInt(1), left);
      assertThat(answer).isEqualTo(left);
    }
  }
}
