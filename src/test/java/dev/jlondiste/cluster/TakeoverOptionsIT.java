package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.PgBouncer;
import dev.jlondiste.servers.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Options of a takeover as an operator types them: fences, hooks, and tables in no set. */
class TakeoverOptionsIT {
  @TempDir private Path directory;
  private TestNode old;
  private TestNode fresh;
  private TestTicker oldTicker;
  private TestTicker freshTicker;

  @BeforeEach
  void nodes() {
    old = new TestNode("old", Servers.shared("12").createDatabase(), directory);
    fresh = new TestNode("fresh", Servers.shared("17").createDatabase(), directory);
    for (TestNode node : List.of(old, fresh)) {
      node.database().execute("create table t (id int primary key, t text)");
    }
    old.createRoot();
    old.addTables(List.of("t"));
    oldTicker = new TestTicker(old.database());
    fresh.createBelow(NodeType.BRANCH, old);
    freshTicker = new TestTicker(fresh.database());
    old.start();
    fresh.start();
    fresh.addTables(List.of("t"));
    Eventually.inSync(fresh);
  }

  @AfterEach
  void close() {
    oldTicker.close();
    freshTicker.close();
    fresh.close();
    old.close();
  }

  private String hook(String name) {
    return "echo " + name + " >> '" + directory.resolve("hooks") + "'";
  }

  private String hooks() throws Exception {
    Path file = directory.resolve("hooks");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static String readOnly(TestNode node) {
    return String.valueOf(node.database().value("show default_transaction_read_only"));
  }

  @Test
  void the_database_is_fenced_and_hooks_run_in_order() throws Exception {
    try (Connection application = old.database().connect()) {
      fresh.command(
          "takeover",
          "old",
          "--fence=database",
          "--on-closed=" + hook("closed"),
          "--on-open=" + hook("open"),
          "--on-reopen=" + hook("reopen"));
      assertThat(application.isValid(5)).as("a session of an application").isFalse();
    }
    assertThat(hooks()).isEqualTo("closed\nopen\n");
    assertThat(readOnly(old)).isEqualTo("on");
    assertThat(readOnly(fresh)).isEqualTo("off");
    old.command("takeover", "fresh", "--fence=database");
    assertThat(readOnly(old)).isEqualTo("off");
    assertThat(readOnly(fresh)).isEqualTo("on");
  }

  @Test
  void a_hook_that_fails_opens_the_old_root_again() throws Exception {
    Outcome outcome =
        CommandLine.run(
            fresh,
            "takeover",
            "old",
            "--fence=database",
            "--retries=0",
            "--on-closed=exit 7",
            "--on-reopen=" + hook("reopen"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.log()).contains("command of --on-closed failed with exit status 7");
    assertThat(hooks()).isEqualTo("reopen\n");
    assertThat(readOnly(old)).isEqualTo("off");
    old.database().execute("insert into t values (1, 'x')");
    fresh.command("takeover", "old");
    assertThat(fresh.database().count("t")).isEqualTo(1);
  }

  @Test
  void a_table_in_no_set_is_a_reason_not_to_begin_unless_it_may_stay_behind() throws SQLException {
    old.database().execute("create table forgotten (id int primary key)");
    Outcome refused = CommandLine.run(fresh, "takeover", "old");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.log()).contains("public.forgotten", "--ignore-missing");
    assertThat(CommandLine.run(fresh, "check", "--cut-over").out() + refused.log())
        .contains("public.forgotten");
    assertThat(CommandLine.run(fresh, "check", "--cut-over", "--ignore-missing").out())
        .doesNotContain("blocker public.forgotten");
    fresh.command("takeover", "old", "--ignore-missing");
    assertThat(fresh.database().value("select node_type from pgq_node.node_info"))
        .isEqualTo("root");
  }

  static boolean hasPgBouncer() {
    return PgBouncer.program().isPresent();
  }

  @Test
  @EnabledIf(value = "hasPgBouncer", disabledReason = "pgbouncer is not installed")
  void a_client_of_pgbouncer_is_on_the_new_root_afterwards() throws Exception {
    String entry =
        "app = host=%s port=%d dbname=%s"
            .formatted(
                old.database().server().host(),
                old.database().server().port(),
                old.database().name());
    try (PgBouncer pooler = PgBouncer.with(List.of(entry), directory, "transaction");
        Connection client =
            DriverManager.getConnection(pooler.jdbcUrl("app") + "&prepareThreshold=0");
        Statement statement = client.createStatement()) {
      statement.execute("insert into t values (1, 'before')");
      fresh.command(
          "takeover",
          "old",
          "--pgbouncer=" + pooler.console(),
          "--pgbouncer-database=app",
          "--pgbouncer-ini=" + pooler.ini());
      statement.execute("insert into t values (2, 'after')");
    }
    assertThat(fresh.database().column("select id from t order by id")).containsExactly("1", "2");
    Outcome incomplete = CommandLine.run(old, "takeover", "fresh", "--pgbouncer=host=127.0.0.1");
    assertThat(incomplete.code()).isNotZero();
    assertThat(incomplete.log() + incomplete.out()).contains("--pgbouncer-database");
  }
}
