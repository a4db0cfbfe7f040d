package dev.jlondiste.admin.takeover.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.db.PgBouncerConsole;
import dev.jlondiste.fault.UserError;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The real PgBouncer, with a default configuration, in front of two servers. */
@EnabledIf(value = "isInstalled", disabledReason = "pgbouncer is not installed")
class PgBouncerSwitchIT {
  @TempDir private Path directory;
  private TestDatabase old;
  private TestDatabase successor;

  static boolean isInstalled() {
    return PgBouncer.program().isPresent();
  }

  @BeforeEach
  void databases() {
    old = Servers.oldest().createDatabase();
    successor = Servers.newest().createDatabase();
    for (TestDatabase each : List.of(old, successor)) {
      each.execute("create table t (client int, n int, primary key (client, n))");
    }
  }

  @AfterEach
  void close() {
    old.close();
    successor.close();
  }

  private PgBouncer pooler(String mode, String... settings) {
    return PgBouncer.with(List.of(entry("app", old), entry("two", old)), directory, mode, settings);
  }

  private static String entry(String name, TestDatabase database) {
    return "%s = host=%s port=%d dbname=%s"
        .formatted(name, database.server().host(), database.server().port(), database.name());
  }

  private ClientSwitch to(TestDatabase target, PgBouncer pooler, String... names) {
    return with(Optional.empty(), Optional.of(pooler.ini()), target, pooler, names);
  }

  private static ClientSwitch with(
      Optional<String> onOpen,
      Optional<Path> ini,
      TestDatabase target,
      PgBouncer pooler,
      String... names) {
    return new ClientOptions(
            Optional.empty(),
            onOpen,
            Optional.empty(),
            List.of(ConnectionString.parse(pooler.console())),
            List.of(names),
            ini)
        .switchFor(
            new RootChange(
                "q",
                "old",
                ConnectionString.parse("host=any"),
                "new",
                ConnectionString.parse(target.connectString())));
  }

  private static Deadline in(int milliseconds) {
    return Deadline.in(Duration.ofMillis(milliseconds));
  }

  private static boolean isPaused(PgBouncer pooler, String name) throws SQLException {
    try (PgBouncerConsole console =
        PgBouncerConsole.open(ConnectionString.parse(pooler.console()))) {
      return console.show("DATABASES").stream()
          .anyMatch(row -> name.equals(row.get("name")) && "1".equals(row.get("paused")));
    }
  }

  /** Clients with one insert per transaction; any error ends a client. */
  private static final class Clients implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final AtomicInteger written = new AtomicInteger();
    private volatile boolean stop;

    Clients(PgBouncer pooler, int count) {
      for (int i = 0; i < count; i++) {
        int client = i;
        Thread thread = new Thread(() -> run(pooler.jdbcUrl("app"), client));
        threads.add(thread);
        thread.start();
      }
    }

    private void run(String url, int client) {
      try (Connection db = DriverManager.getConnection(url + "&prepareThreshold=0");
          Statement statement = db.createStatement()) {
        db.setAutoCommit(false);
        for (int n = 0; !stop; n++) {
          statement.execute("insert into t values (" + client + ", " + n + ")");
          db.commit();
          written.incrementAndGet();
        }
      } catch (SQLException e) {
        synchronized (errors) {
          errors.add(e.getMessage());
        }
      }
    }

    void awaitMore() {
      int before = written.get();
      await().until(() -> written.get() > before + 100 || !errors.isEmpty());
    }

    @Override
    public void close() {
      stop = true;
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  @Test
  void no_transaction_fails_there_and_back_and_each_server_gets_its_own() throws Exception {
    try (PgBouncer pooler = pooler("transaction");
        Clients clients = new Clients(pooler, 4)) {
      for (int round = 0; round < 5; round++) {
        for (TestDatabase target : List.of(successor, old)) {
          clients.awaitMore();
          ClientSwitch change = to(target, pooler, "app", "two");
          assertThat(change.obstacles()).isEmpty();
          change.hold(in(5000));
          long rows = old.count("t") + successor.count("t");
          await().until(() -> clients.written.get() == rows);
          change.closed(in(1000));
          assertThat(change.opened()).isEmpty();
          long before = target.count("t");
          await().until(() -> target.count("t") > before + 10 || !clients.errors.isEmpty());
        }
      }
      clients.close();
      assertThat(clients.errors).isEmpty();
      assertThat(old.count("t") + successor.count("t")).isEqualTo(clients.written.get());
    }
  }

  /** A login to the server that a PAUSE interrupts would delay all others for 15 seconds. */
  @Test
  void clients_continue_although_logins_were_interrupted() throws Exception {
    try (PgBouncer pooler = pooler("transaction", "server_login_retry = 600");
        Clients clients = new Clients(pooler, 8)) {
      clients.awaitMore();
      for (int round = 0; round < 50; round++) {
        ClientSwitch change = to(old, pooler, "app");
        change.hold(in(5000)); // right after the last RESUME, when all clients need a server
        int before = clients.written.get();
        assertThat(change.reopened()).isEmpty();
        await().until(() -> clients.written.get() > before || !clients.errors.isEmpty());
      }
      clients.close();
      assertThat(clients.errors).isEmpty();
    }
  }

  @Test
  void a_transaction_that_does_not_end_is_named_and_the_others_continue() throws Exception {
    try (PgBouncer pooler = pooler("transaction");
        Connection holder =
            DriverManager.getConnection(pooler.jdbcUrl("app") + "&ApplicationName=payroll")) {
      holder.setAutoCommit(false);
      try (Statement statement = holder.createStatement()) {
        statement.execute("select 1");
      }
      try (Clients clients = new Clients(pooler, 2)) {
        clients.awaitMore();
        assertThatThrownBy(() -> to(successor, pooler, "two", "app").hold(in(500)))
            .isInstanceOf(UserError.class)
            .hasMessageContaining("database 'app' could not be paused in time")
            .hasMessageContaining("user postgres, application \"payroll\", server process ");
        assertThat(isPaused(pooler, "app")).isFalse();
        assertThat(isPaused(pooler, "two")).isFalse();
        clients.awaitMore();
        clients.close();
        assertThat(clients.errors).isEmpty();
      }
      holder.commit();
    }
  }

  @Test
  void a_killed_command_is_finished_or_undone_by_another() throws Exception {
    try (PgBouncer pooler = pooler("transaction");
        Clients clients = new Clients(pooler, 2)) {
      clients.awaitMore();
      to(successor, pooler, "app").hold(in(5000));
      assertThat(isPaused(pooler, "app")).isTrue();
      assertThat(to(successor, pooler, "app").obstacles()).isEmpty();
      assertThat(to(successor, pooler, "app").reopened()).isEmpty();
      clients.awaitMore();

      to(successor, pooler, "app").hold(in(5000));
      ClientSwitch repeated = to(successor, pooler, "app");
      repeated.hold(in(5000));
      repeated.opened();
      assertThat(to(successor, pooler, "app").opened()).isEmpty();
      clients.awaitMore();
      clients.close();
      assertThat(clients.errors).isEmpty();
      assertThat(successor.count("t")).isPositive();
    }
  }

  @Test
  void clients_that_keep_their_session_are_an_obstacle() throws Exception {
    try (PgBouncer pooler = pooler("session")) {
      assertThat(to(successor, pooler, "app").obstacles()).isEmpty();
      try (Clients clients = new Clients(pooler, 2)) {
        clients.awaitMore();
        assertThat(to(successor, pooler, "app").obstacles().toString())
            .contains("database 'app' has 2 client(s) with pool_mode = session");
        assertThatThrownBy(() -> to(successor, pooler, "app").hold(in(300)))
            .hasMessageContaining("could not be paused in time");
        clients.awaitMore();
        clients.close();
        assertThat(clients.errors).isEmpty();
      }
    }
  }

  @Test
  void a_command_can_direct_the_clients_instead() throws Exception {
    try (PgBouncer pooler = pooler("transaction")) {
      Path prepared = directory.resolve("prepared");
      Files.writeString(
          prepared,
          Files.readString(pooler.ini()).replace(entry("app", old), entry("app", successor)));
      String command =
          "cp %s %s && psql '%s' -c RELOAD".formatted(prepared, pooler.ini(), pooler.console());
      ClientSwitch change = with(Optional.of(command), Optional.empty(), successor, pooler, "app");
      change.hold(in(5000));
      assertThat(change.opened()).isEmpty();
      try (Connection db = DriverManager.getConnection(pooler.jdbcUrl("app"))) {
        assertThat(db.getMetaData().getDatabaseMajorVersion()).isEqualTo(18);
      }
    }
  }

  @Test
  void clients_are_released_even_if_the_file_is_not_the_right_one() throws Exception {
    try (PgBouncer pooler = pooler("transaction")) {
      Path other = Files.copy(pooler.ini(), directory.resolve("other.ini"));
      ClientSwitch change = with(Optional.empty(), Optional.of(other), successor, pooler, "app");
      change.hold(in(5000));
      assertThat(change.opened().toString())
          .contains("database 'app' still connects to host=127.0.0.1 port=" + old.server().port());
      assertThat(isPaused(pooler, "app")).isFalse();
    }
  }

  @Test
  void what_cannot_work_is_known_before() throws IOException {
    String address;
    try (PgBouncer pooler =
        PgBouncer.with(
            List.of("* = host=127.0.0.1"),
            directory,
            "transaction",
            "query_wait_timeout = 3",
            "stats_users = viewer",
            "auth_type = any")) {
      address = pooler.console();
      assertThat(to(successor, pooler, "app").obstacles().toString())
          .contains("has no entry 'app' in section [databases]")
          .contains("there is no database 'app'")
          .contains("query_wait_timeout is 3 s");
    }
    assertThat(
            new PgBouncerSwitch(
                    ConnectionString.parse(address),
                    List.of("app"),
                    Optional.empty(),
                    ConnectionString.parse("host=a"))
                .obstacles()
                .toString())
        .contains("failed: Connection refused");
  }

  @Test
  void a_login_without_the_right_to_pause_is_known_before() throws IOException {
    try (PgBouncer pooler = pooler("transaction", "stats_users = viewer")) {
      Files.writeString(directory.resolve("more"), "");
      try (Stream<Path> files = Files.list(directory)) {
        for (Path users : files.filter(f -> f.toString().contains("users-")).toList()) {
          Files.writeString(users, "\"postgres\" \"\"\n\"viewer\" \"\"\n");
        }
      }
      ClientSwitch change =
          new PgBouncerSwitch(
              ConnectionString.parse(pooler.console().replace("user=postgres", "user=viewer")),
              List.of("app"),
              Optional.empty(),
              ConnectionString.parse("host=a"));
      reload(pooler);
      assertThat(change.obstacles().toString())
          .contains("connect as one of PgBouncer's admin_users");
    }
  }

  private static void reload(PgBouncer pooler) {
    try (PgBouncerConsole console =
        PgBouncerConsole.open(ConnectionString.parse(pooler.console()))) {
      console.run("RELOAD");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
