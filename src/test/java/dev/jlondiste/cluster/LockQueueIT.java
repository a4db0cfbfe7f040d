package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands that need a lock on a table which is in use let writers pass, and name the sessions in
 * the way.
 */
class LockQueueIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;

  private TestNode root(String major) {
    TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
    root.createRoot();
    root.database().execute("create table public.t (id int primary key, v text)");
    root.database().execute("insert into t values (0, 'x')");
    return root;
  }

  /** A transaction that has written to the table and stays open. */
  private static Connection writing(TestDatabase database) throws SQLException {
    Connection other = DriverManager.getConnection(database.jdbcUrl() + "&ApplicationName=report");
    other.setAutoCommit(false);
    run(other, "update t set v = 'y' where id = 0");
    return other;
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void writers_pass_while_a_command_waits_for_its_lock(String major) throws Exception {
    try (TestNode root = root(major);
        Writer writer = new Writer(root.database())) {
      for (String[] words :
          new String[][] {
            {"add-table", "t", "--lock-wait=300"},
            {"regenerate-triggers", "--capture=compatible", "t", "--lock-wait=300"},
            {"remove-table", "t", "--lock-wait=300"}
          }) {
        Connection other = writing(root.database());
        CompletableFuture<Outcome> command =
            CompletableFuture.supplyAsync(() -> CommandLine.run(root, words));
        // The first attempt timed out, and the writer continues while the other transaction is
        // open.
        long before = writer.written();
        await().atMost(PATIENCE).until(() -> isWaiting(root.database()));
        await().atMost(PATIENCE).until(() -> !isWaiting(root.database()));
        await().atMost(PATIENCE).until(() -> writer.written() > before + 20);
        assertThat(command).as(words[0]).isNotDone();
        other.commit();
        other.close();
        Outcome outcome = command.get();
        assertThat(outcome.code()).as(outcome.log()).isZero();
      }
    }
  }

  private static boolean isWaiting(TestDatabase database) {
    return database.number(
            "select count(*) from pg_locks where not granted and relation = 't'::regclass"
                + " and mode in ('ShareRowExclusiveLock', 'AccessExclusiveLock')")
        > 0;
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"13"})
  void who_is_in_the_way_is_named_and_nothing_is_half_done(String major) throws Exception {
    try (TestNode root = root(major)) {
      Connection other = writing(root.database());
      Outcome add = CommandLine.run(root, "add-table", "t", "--lock-wait=1");
      assertThat(add.code()).isEqualTo(1);
      assertThat(add.log())
          .containsPattern(
              "ERROR public.t could not be locked within 1 s; in the way:\\n  pid \\d+, user postgres,"
                  + " application \"report\", transaction open for \\d+ s, idle in transaction: update"
                  + " t set v = 'y' where id = 0\\nHINT:  nothing was changed; ");
      assertThat(CommandLine.run(root, "tables").out()).doesNotContain("public.t");
      assertThat(root.database().count("pg_trigger where tgrelid = 't'::regclass")).isZero();
      other.rollback();
      root.command("add-table", "t");
      run(other, "update t set v = 'y' where id = 0");
      for (String[] words :
          new String[][] {
            {"remove-table", "t"},
            {"change-handler", "t", "--capture=compatible"},
            {"regenerate-triggers", "t", "--capture=compatible"},
            {"drop-node", "root"}
          }) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--lock-wait=1");
        assertThat(CommandLine.run(root, all.toArray(String[]::new)).log())
            .as(words[0])
            .contains("public.t could not be locked within 1 s; in the way:\n  pid ")
            .contains("application \"report\"");
      }
      assertThat(CommandLine.run(root, "tables").out()).contains("public.t");
      other.close();
      root.command("drop-node", "root");
    }
  }

  /** Small transactions all the time. */
  private static final class Writer implements AutoCloseable {
    private final Thread thread = new Thread(this::write, "writer");
    private final TestDatabase database;
    private volatile boolean stop;
    private final AtomicLong written = new AtomicLong();

    Writer(TestDatabase database) {
      this.database = database;
      thread.setDaemon(true);
      thread.start();
    }

    private void write() {
      try (Connection db = database.connect();
          PreparedStatement insert = db.prepareStatement("insert into t values (?, 'w')")) {
        while (!stop) {
          insert.setLong(1, written.get() + 1);
          insert.execute();
          written.incrementAndGet();
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    long written() {
      return written.get();
    }

    @Override
    public void close() throws InterruptedException {
      stop = true;
      thread.join();
    }
  }
}
