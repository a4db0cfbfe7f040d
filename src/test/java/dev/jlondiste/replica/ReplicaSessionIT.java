package dev.jlondiste.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlAction;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

class ReplicaSessionIT {
  @TempDir private Path directory;

  private static Database sessions(TestDatabase database, SqlAction first) {
    return Database.pooled(
        ConnectionString.parse(database.connectString()), "batches", 1, Duration.ofHours(1), first);
  }

  /** Runs {@code test} in a session of a node's database after {@code first}. */
  private void onNode(SqlAction first, SqlAction test) throws SQLException {
    try (TestNode root = new TestNode("root", Servers.newest().createDatabase(), directory)) {
      root.createRoot();
      try (Database batches = sessions(root.database(), first);
          Connection session = batches.open()) {
        test.in(session);
      }
    }
  }

  private static String role(Connection session) throws SQLException {
    return Sql.one(session, "show session_replication_role", row -> row.getString(1));
  }

  private static void beginBatch(Connection session) throws SQLException {
    assertThat(LondisteFunctions.getTablesAsReplica(session, "testq")).isEmpty();
    assertThat(role(session)).isEqualTo("replica");
  }

  @Test
  void the_role_outlives_each_batch() throws SQLException {
    onNode(
        ReplicaSession::begin,
        session -> {
          assertThat(role(session)).isEqualTo("replica");
          beginBatch(session);
          session.commit();
          assertThat(role(session)).isEqualTo("replica");
          beginBatch(session);
          session.rollback();
          assertThat(role(session)).isEqualTo("replica");
          beginBatch(session);
        });
  }

  @Test
  void a_script_that_resets_it_changes_no_batch() throws SQLException {
    onNode(
        ReplicaSession::begin,
        session -> {
          Sql.run(session, "reset all");
          session.commit();
          assertThat(role(session)).isEqualTo("origin");
          beginBatch(session);
        });
  }

  @Test
  void a_session_of_a_pooler_keeps_its_role() throws SQLException {
    onNode(
        session ->
            ReplicaSession.begin(session, session.unwrap(PGConnection.class).getBackendPID() + 1),
        session -> {
          assertThat(role(session)).isEqualTo("origin");
          beginBatch(session);
          session.commit();
          assertThat(role(session)).isEqualTo("origin");
        });
  }

  @Test
  void the_schema_may_be_missing() throws SQLException {
    try (Database batches = sessions(Servers.oldest().createDatabase(), ReplicaSession::begin);
        Connection session = batches.open()) {
      assertThat(role(session)).isEqualTo("origin");
    }
  }
}
