package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.servers.CuttingProxy;
import dev.jlondiste.servers.CuttingProxy.Cut;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pool whose first connections break at any of their first statements connects again. */
class BrokenFirstConnectionIT {
  private static final String NAME = "pool";
  private static final int STATEMENTS = 7;

  @ParameterizedTest
  @EnumSource(Cut.class)
  void the_pool_connects_again(Cut cut) throws SQLException {
    try (TestDatabase server = Servers.newest().createDatabase();
        CuttingProxy proxy = new CuttingProxy(NAME)) {
      for (int statement = 1; statement <= STATEMENTS; statement++) {
        proxy.cutAt(statement, cut);
        try (Database pool =
            Database.pooled(
                ConnectionString.parse(proxy.connectString(server)), NAME, 2, Duration.ZERO)) {
          read(pool);
          proxy.reset();
          int last = statement;
          assertThat(read(pool)).as("cut %s statement %d", cut, last).isEqualTo(1);
        }
      }
    }
  }

  /** Zero if that fails. */
  private static int read(Database pool) {
    try (Connection db = pool.open()) {
      return Sql.one(db, "select 1", row -> row.getInt(1));
    } catch (SQLException e) {
      return 0;
    }
  }
}
