package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * State that another database has seen survives a crash, even if commits do not wait for the disk
 * by default.
 */
class DurableTicksIT {
  /** During the test only a synchronous commit flushes the WAL to disk. */
  private static final String[] UNFLUSHED = {
    "synchronous_commit = off", "wal_writer_delay = 10s", "wal_writer_flush_after = 0"
  };

  private static final String OTHERS_CODE =
      "create or replace function pgq._commit_durably() returns void language sql as ''";

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void a_crash_takes_back_no_tick_and_no_position(String major) throws Exception {
    try (TestServer server = Servers.start(major, UNFLUSHED)) {
      aTickSurvives(server);
      aPositionSurvives(server);
    }
  }

  private void aTickSurvives(TestServer server) throws SQLException {
    try (TestNode root = new TestNode("root", server.createDatabase(), directory, "ticker = 1")) {
      TestDatabase database = root.database();
      root.createRoot();
      database.execute("create table t (id int primary key)");
      root.addTables(java.util.List.of("t"));
      database.execute("select pgq.force_tick('testq')");
      try (Connection session = database.connect();
          Statement statement = session.createStatement()) {
        statement.execute("insert into t values (1)");
        String tick = value(statement, "select pgq.ticker('testq')");
        server.kill();
        server.start();
        assertThat(database.value("select max(tick_id)::text from pgq.tick")).isEqualTo(tick);
      }
      // the events of the tick, and the changes that they describe, were committed before it
      assertThat(database.count("t")).isEqualTo(1);
      assertThat(database.count("pgq.event_1")).isPositive();

      // The ticker of this program on database code without durable ticks.
      database.execute(OTHERS_CODE);
      root.start();
      database.execute("insert into t values (2)");
      String tick =
          await()
              .atMost(PATIENCE)
              .until(
                  () ->
                      database.value(
                          "select max(k.tick_id)::text from pgq.tick k, pgq.event_1 e where"
                              + " e.ev_data like '%2%' and"
                              + " txid_visible_in_snapshot(e.ev_txid, k.tick_snapshot)"),
                  found -> found != null);
      server.kill();
      root.stop();
      server.start();
      assertThat(database.count("pgq.tick where tick_id = " + tick)).isEqualTo(1);
      assertThat(database.count("t")).isEqualTo(2);
    }
  }

  private static String value(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private void aPositionSurvives(TestServer server) {
    try (TestNode root = new TestNode("source", Servers.newest().createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", server.createDatabase(), directory)) {
      root.createRoot();
      for (TestNode node : new TestNode[] {root, leaf}) {
        node.database().execute("create table t (id int primary key)");
      }
      root.addTables(java.util.List.of("t"));
      leaf.createBelow(NodeType.LEAF, root);
      leaf.command("add-table", "t", "--expect-sync");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        root.database().execute("insert into t values (1)");
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    root.database()
                            .number(
                                "select count(*) from pgq.get_consumer_info('testq', 'leaf') c,"
                                    + " pgq.event_1 e join pgq.tick k on"
                                    + " txid_visible_in_snapshot(e.ev_txid, k.tick_snapshot)"
                                    + " where e.ev_type like '%I%' and k.tick_id <= c.last_tick")
                        > 0);
        server.kill();
        server.start();
        assertThat(leaf.database().count("t")).isEqualTo(1);
        root.database().execute("insert into t values (2)");
        await().atMost(PATIENCE).until(() -> leaf.database().count("t") == 2);
      }
    }
  }
}
