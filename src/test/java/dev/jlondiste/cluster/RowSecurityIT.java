package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.WholeMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A role that sees only some rows of a table never replicates them as the whole table. */
class RowSecurityIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ROLE = "fenced_owner";

  /** Two of ten rows are visible. */
  private static final String TABLE =
      """
      create table t (id int primary key, v text);
      alter table t enable row level security;
      create policy part on t using (id < 3) with check (true);
      """;

  private static final String FORCE = "alter table t force row level security";
  private static final String NO_FORCE = "alter table t no force row level security";
  private static final String HINT =
      "HINT:  replication needs all rows: alter table public.t no force row level security;"
          + " or alter role fenced_owner bypassrls\n";

  @TempDir private Path directory;

  private static String problem(String place) {
    return "row level security hides rows of table public.t on " + place + " from role " + ROLE;
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"13"})
  void is_refused_by_commands_copy_and_compare(String major) throws Exception {
    try (TestNode root =
            new TestNode("root", Servers.shared(major).createDatabaseOwnedBy(ROLE), directory);
        TestNode leaf =
            new TestNode("leaf", Servers.shared(major).createDatabaseOwnedBy(ROLE), directory);
        TestTicker ticker = new TestTicker(root.database())) {
      for (TestNode node : new TestNode[] {root, leaf}) {
        node.database().execute(TABLE);
      }
      root.database().execute("insert into t select g, 'x' from generate_series(1, 10) g");
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      refused(root, "add-table", root, root);
      root.addTables(java.util.List.of("t"));
      refused(leaf, "add-table", root, root);
      refused(leaf, "add-table", leaf, leaf);
      assertThat(leaf.database().count("londiste.table_info where local")).isZero();
      leaf.addTables(java.util.List.of("t"));

      root.database().execute(FORCE);
      leaf.start();
      await().atMost(PATIENCE).until(() -> log(leaf).contains(problem("node root")));
      assertThat(leaf.database().count("t")).isZero();
      root.database().execute(NO_FORCE);
      Eventually.inSync(leaf);
      assertThat(leaf.database().count("t")).isEqualTo(10);

      refused(leaf, "compare", root, root);
      refused(leaf, "compare", leaf, leaf);
      assertThat(leaf.command("compare", "t").log()).contains("dstdb: 10 rows");

      leaf.database().execute(FORCE);
      root.database().execute("update t set v = 'y' where id in (2, 9)");
      await().atMost(PATIENCE).until(() -> log(leaf).contains("row-level security policy"));
      bypass(major, "bypassrls");
      await().atMost(PATIENCE).until(() -> leaf.database().count("t where v = 'y'") == 2);
    } finally {
      bypass(major, "nobypassrls");
    }
  }

  /** As long as policies apply to the table's owner on {@code fenced}. */
  private static void refused(TestNode node, String command, TestNode fenced, TestNode named) {
    fenced.database().execute(FORCE);
    Outcome outcome = CommandLine.run(node, command, "t");
    assertThat(outcome.log()).contains(problem("node " + named.name()), HINT);
    assertThat(outcome.log()).doesNotContain("rows, checksum");
    assertThat(outcome.code()).isEqualTo(1);
    fenced.database().execute(NO_FORCE);
  }

  private static void bypass(String major, String attribute) throws Exception {
    try (Connection db = DriverManager.getConnection(Servers.shared(major).jdbcUrl("postgres"));
        Statement statement = db.createStatement()) {
      statement.execute("alter role " + ROLE + " " + attribute);
    }
  }

  private static String log(TestNode node) throws IOException {
    return Files.readString(node.settings().job().logfile().orElseThrow());
  }
}
