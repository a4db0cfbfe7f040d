package dev.jlondiste.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lock holders are listed with the details that an operator needs to find and end them. */
class LockHoldersIT {
  private static final List<String> TABLES = List.of("public.\"T\"", "public.missing");

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void a_prepared_transaction_is_named_by_its_identifier() throws Exception {
    try (TestServer server = Servers.start(Servers.NEWEST, "max_prepared_transactions = 2");
        TestDatabase database = server.createDatabase();
        Connection looking = database.connect()) {
      database.execute("create table \"T\" (id int)");
      database.execute("insert into \"T\" values (1); prepare transaction 'left behind'");
      assertThat(LockHolders.of(looking, TABLES, LockHolders.Mode.AGAINST_WRITERS))
          .containsExactly(
              "prepared transaction 'left behind', see pg_prepared_xacts: commit prepared, or"
                  + " rollback prepared");
      run(looking, "rollback prepared 'left behind'");
    }
  }

  @Test
  void only_conflicting_locks_are_listed() throws Exception {
    try (TestDatabase database = Servers.oldest().createDatabase();
        Connection reader = database.connect();
        Connection looking = database.connect()) {
      database.execute("create table \"T\" (id int)");
      reader.setAutoCommit(false);
      run(reader, "select * from \"T\"");
      assertThat(LockHolders.of(looking, TABLES, LockHolders.Mode.AGAINST_WRITERS)).isEmpty();
      assertThat(LockHolders.of(looking, TABLES, LockHolders.Mode.AGAINST_ALL))
          .singleElement()
          .asString()
          .contains("user postgres", "idle in transaction: select * from \"T\"");
    }
  }
}
