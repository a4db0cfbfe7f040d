package dev.jlondiste.replica.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.db.TableName;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the formula. Block sizes other than 8 kB would require a special build of the server. */
class RowEstimateIT {
  private static final TableName T = TableName.parse("public.t");

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void combines_the_statistics_with_the_present_size(String major) throws Exception {
    try (TestDatabase database = Servers.shared(major).createDatabase();
        Connection db = database.connect()) {
      database.execute("create table t as select i from generate_series(1, 100000) i");
      database.execute("analyze t");
      assertThat(RowEstimate.of(db, T)).isEqualTo(100_000);
      database.execute("insert into t select i from generate_series(1, 100000) i");
      assertThat(RowEstimate.of(db, T)).isBetween(195_000L, 205_000L);
      database.execute("create table u (i int)");
      assertThat(RowEstimate.of(db, TableName.parse("public.u"))).isZero();
    }
  }
}
