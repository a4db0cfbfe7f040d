package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.PgBouncer;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Connections through the real PgBouncer: by sessions they work, by transactions they are refused.
 */
@EnabledIf(value = "isInstalled", disabledReason = "pgbouncer is not installed")
class PgBouncerIT {
  private static final String REFUSAL =
      "failed: the connection pooler shares server sessions after each transaction (pool_mode ="
          + " transaction or statement); connect to the server itself, or to a pool with"
          + " pool_mode = session";

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private TestDatabase database;
  private TestDatabase other;

  static boolean isInstalled() {
    return PgBouncer.program().isPresent();
  }

  @BeforeEach
  void databases() {
    database = Servers.newest().createDatabase();
    other = Servers.oldest().createDatabase();
    for (TestDatabase each : new TestDatabase[] {database, other}) {
      each.execute("create table t (id int primary key, v float8)");
    }
  }

  @AfterEach
  void close() {
    database.close();
    other.close();
  }

  /** An application that has used so many sessions of the pool before. */
  private static void warm(PgBouncer pooler, TestDatabase database, int sessions)
      throws SQLException {
    List<Connection> clients = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      Connection client = DriverManager.getConnection(pooler.jdbcUrl(database));
      client.setAutoCommit(false);
      try (Statement statement = client.createStatement()) {
        statement.execute("select 1");
      }
      clients.add(client);
    }
    for (Connection client : clients) {
      client.rollback();
      client.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "transaction, 0, 0",
    "transaction, 1, 0",
    "transaction, 4, 0",
    "transaction, 2, 1",
    "transaction, 3, 1"
  })
  void a_pool_of_transactions_is_refused(String mode, int sessions, int roundRobin)
      throws Exception {
    try (PgBouncer pooler =
        PgBouncer.before(
            database.server(), directory, mode, "server_round_robin = " + roundRobin)) {
      warm(pooler, database, sessions);
      String through = pooler.connectString(database);
      TestNode root = TestNode.through(through, "root", database, directory);
      Outcome outcome = CommandLine.run(root, "create-root", "root", through);
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.log())
          .contains(
              REFUSAL,
              "HINT:  connect to the server itself, or to a pool in session mode; see configuration.md");
      assertThat(database.count("pg_namespace where nspname = 'pgq'")).isZero();
    }
  }

  @Test
  void statement_mode_is_refused_and_so_is_a_worker_or_ticker() throws Exception {
    try (PgBouncer pooler = PgBouncer.before(database.server(), directory, "statement")) {
      TestNode root = TestNode.through(pooler.connectString(database), "root", database, directory);
      assertThat(CommandLine.run(root, "create-root", "root", pooler.connectString(database)).log())
          .contains(REFUSAL);
    }
    TestNode direct = new TestNode("root", database, directory);
    direct.createRoot();
    try (PgBouncer pooler = PgBouncer.before(database.server(), directory, "transaction")) {
      TestNode daemon =
          TestNode.through(
              pooler.connectString(database), "daemon", database, directory, "ticker = 1");
      try (WorkerProcess process = WorkerProcess.of(daemon)) {
        Path log = directory.resolve("daemon.out");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(lines(log, "[daemon]: ")).isPositive();
                  assertThat(lines(log, "Job daemon got error")).isPositive();
                });
        assertThat(database.number("select count(*) from pg_locks where locktype = 'advisory'"))
            .isZero();
      }
    }
  }

  private static long lines(Path log, String part) throws IOException {
    return Files.exists(log)
        ? Files.readAllLines(log).stream()
            .filter(line -> line.contains(part) && line.contains(REFUSAL))
            .count()
        : 0;
  }

  @Test
  void a_pool_of_sessions_works() throws Exception {
    try (PgBouncer source = PgBouncer.before(database.server(), directory, "session");
        PgBouncer target = PgBouncer.before(other.server(), directory, "session")) {
      TestNode root =
          TestNode.through(
              source.connectString(database), "root", database, directory, "ticker = 1");
      TestNode leaf = TestNode.through(target.connectString(other), "leaf", other, directory);
      try {
        root.command("create-root", "root", source.connectString(database));
        root.addTables(List.of("t"));
        leaf.command(
            "create-leaf",
            "leaf",
            target.connectString(other),
            "--provider=" + source.connectString(database));
        root.start();
        leaf.start();
        database.execute("insert into t values (1, 0.1)");
        leaf.addTables(List.of("t"));
        Eventually.inSync(leaf);
        database.execute("insert into t values (2, 1/3.0)");
        await().atMost(PATIENCE).until(() -> other.count("t") == 2);
        // the text of which depends on a setting of our sessions
        assertThat(other.value("select v = (1/3.0)::float8 from t where id = 2")).isEqualTo("t");
        leaf.command("compare");
      } finally {
        leaf.stop();
        root.stop();
      }
    }
  }

  @Test
  void what_a_pooler_has_to_ignore_is_said() {
    try (PgBouncer pooler = PgBouncer.before(database.server(), directory, "session")) {
      TestNode root =
          TestNode.through(
              pooler.connectString(database) + " options='-c geqo=off'",
              "root",
              database,
              directory);
      assertThat(CommandLine.run(root, "install").log())
          .contains("unsupported startup parameter: options")
          .contains("HINT:  the pooler refuses this startup parameter: remove 'options'");
    }
  }
}
