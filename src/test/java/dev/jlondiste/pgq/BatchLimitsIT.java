package dev.jlondiste.pgq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.db.Sql;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two limits in one round trip: the first that a batch satisfies is used. */
class BatchLimitsIT {
  private static final BatchLimits MANY = BatchLimits.atLeast(1_000_000, null);
  private static final BatchLimits SOME = BatchLimits.atLeast(1, null);

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "13", "18"})
  void the_preferred_limits_are_tried_first(String major) throws SQLException {
    try (TestDatabase database = Servers.shared(major).createDatabase();
        Connection db = database.connect()) {
      database.load(Path.of("sql/pgq/install.sql"));
      database.execute("select pgq.create_queue('q')");
      database.execute("select pgq.register_consumer('q', 'c')");
      Sql.run(db, "set track_functions = 'all'");
      db.setAutoCommit(false);

      assertThat(next(db, MANY, 2)).isEmpty();

      long first = tickWithEvent(database, "a");
      long second = tickWithEvent(database, "b");
      Batch oneTick = next(db, MANY, 2).orElseThrow();
      assertThat(oneTick.currentTick()).isEqualTo(first);
      assertThat(next(db, SOME, 1)).as("the open batch again").isPresent();
      assertThat(data(db, oneTick)).isEqualTo("a");
      PgqFunctions.finishBatch(db, oneTick.id());

      long third = tickWithEvent(database, "c"); // a forced tick uses about 2,000 ids
      assertThat(third).isGreaterThan(second);
      Batch twoTicks = next(db, BatchLimits.atLeast(3_000, null), 1).orElseThrow();
      assertThat(twoTicks.currentTick()).isEqualTo(third);
      assertThat(data(db, twoTicks)).isEqualTo("b,c");
      PgqFunctions.finishBatch(db, twoTicks.id());
      db.commit();
    }
  }

  /** {@code calls} is the expected number of calls of the function on the server. */
  private static Optional<Batch> next(Connection db, BatchLimits best, int calls)
      throws SQLException {
    long before = calls(db);
    Optional<Batch> batch = PgqFunctions.nextBatch(db, "q", "c", best, BatchLimits.NEXT_TICK);
    assertThat(calls(db) - before).as("calls").isEqualTo(calls);
    db.commit();
    return batch;
  }

  private static long calls(Connection db) throws SQLException {
    return Sql.one(
        db,
        """
        select coalesce(sum(calls), 0)
          from pg_stat_xact_user_functions
         where funcname = 'next_batch_custom'
        """,
        row -> row.getLong(1));
  }

  private static long tickWithEvent(TestDatabase database, String data) {
    database.rows("select pgq.insert_event('q', 'x', ?)", data);
    database.rows("select pgq.force_tick('q')");
    return database.number("select pgq.ticker('q')");
  }

  private static String data(Connection db, Batch batch) throws SQLException {
    return Sql.one(
        db,
        "select string_agg(ev_data, ',' order by ev_id) from pgq.get_batch_events(?)",
        row -> row.getString(1),
        batch.id());
  }
}
