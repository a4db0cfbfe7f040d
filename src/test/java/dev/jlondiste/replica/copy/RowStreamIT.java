package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.sql.Connection;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Repeated copies that fail on either side or are stopped. */
class RowStreamIT {
  private static final int ROUNDS = 10;

  private static final String ALL =
      "copy (select g, repeat('x', 500) from generate_series(1, 20000) g) to stdout";

  private static final String BROKEN =
      "copy (select case g when 15000 then 1 / (g - 15000) else g end, repeat('x', 500)"
          + " from generate_series(1, 20000) g) to stdout";

  private static final String INTO = "copy t from stdin";

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  @WholeMatrix({"13, 13"})
  void failed_copies_leave_connections_usable(String provider, String subscriber) throws Exception {
    try (TestDatabase from = Servers.shared(provider).createDatabase();
        TestDatabase into = Servers.shared(subscriber).createDatabase();
        Database source = pool(from);
        Database local = pool(into)) {
      into.execute("create table t (id int primary key, v text)");
      into.execute("insert into t values (17000, 'in the way')");
      for (int i = 0; i < ROUNDS; i++) {
        StopSignal stop = new StopSignal();
        assertThatThrownBy(copy(source, local, stop, ALL))
            .hasMessageContaining("(17000) already exists");
        assertThatThrownBy(copy(source, local, stop, BROKEN))
            .hasMessageContaining("division by zero");
        stop.request();
        assertThatThrownBy(copy(source, local, stop, ALL)).isInstanceOf(InterruptedException.class);
        assertAnswers(source, i);
        assertAnswers(local, i);
      }
      assertThat(into.count("t")).isEqualTo(1);
      await().untilAsserted(() -> assertThat(connections(from)).isLessThanOrEqualTo(1));
      await().untilAsserted(() -> assertThat(connections(into)).isLessThanOrEqualTo(1));
    }
  }

  private static Database pool(TestDatabase database) {
    return Database.pooled(
        ConnectionString.parse(database.connectString()), "copies", 20, Duration.ZERO);
  }

  private static ThrowingCallable copy(
      Database source, Database local, StopSignal stop, String out) {
    return () -> {
      try (Connection there = source.open();
          Connection here = local.open()) {
        RowStream.move(there, out, here, INTO, row -> row, RowCheck.NONE, stop, soFar -> {});
        here.commit();
      }
    };
  }

  private static void assertAnswers(Database database, int question) throws Exception {
    try (Connection db = database.open()) {
      int answer = Sql.one(db, "select ?::int", row -> row.getInt(1), question);
      assertThat(answer).isEqualTo(question);
    }
  }

  private static long connections(TestDatabase database) {
    return database.count(
        "pg_stat_activity where application_name = 'copies' and datname = current_database()");
  }
}
