package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One implementation executes scripts, nodes of both follow. */
class MixedExecuteIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  private String file(String name, String sql) throws Exception {
    return Files.writeString(directory.resolve(name), sql).toString();
  }

  private static void everywhere(List<MixedNode> nodes, String query, String expected) {
    for (MixedNode node : nodes) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(node.database().value(query)).as(node.toString()).isEqualTo(expected));
    }
  }

  @ParameterizedTest(name = "root {0}, branch {1}, leaf {2}")
  @CsvSource({"REFERENCE, OURS, REFERENCE", "OUR_PROGRAMS_ONLY, OUR_CODE_ONLY, OUR_PROGRAMS_ONLY"})
  @WholeMatrix({"OURS, REFERENCE, OURS"})
  void scripts_are_followed_by_nodes_of_both(Make rootMake, Make branchMake, Make leafMake)
      throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", rootMake, "13");
      MixedNode branch = cluster.node("branch", branchMake, "14");
      MixedNode leaf = cluster.node("leaf", leafMake, "15");
      root.createRoot();
      root.addTables(List.of("journal", "customers"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.addTables(List.of("journal", "customers"));
        Eventually.inSync(branch.node());
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.start();
        leaf.addTables(List.of("journal"));
        Eventually.inSync(leaf.node());

        List<MixedNode> all = List.of(root, branch, leaf);
        root.database().execute("insert into journal values (1, 1)");
        String ddl =
            file(
                "ddl.sql",
                """
                --*-- Local-Table: journal
                alter table @journal@ add column data2 text;
                insert into journal values (2, 2, 'by script; it''s');
                """);
        assertThat(root.command("execute", ddl)).contains("ddl.sql: executing sql");
        root.database().execute("insert into journal values (3, 3, 'new')");
        root.database().execute("update journal set data2 = 'later' where n = 1");
        everywhere(
            all,
            "select string_agg(data2, ',' order by n) from journal",
            "later,by script; it's,new");
        assertThat(root.command("execute", ddl))
            .contains("EXECUTE: \"ddl.sql\" already applied, skipping");

        root.command(
            "execute",
            file(
                "part.sql",
                "--*-- Local-Table: public.customers\nalter table @public.customers@ add x int;"));
        root.database().execute("insert into customers (id, name, x) values (1, 'c', 7)");
        root.database().execute("insert into journal values (4, 4, 'last')");
        everywhere(List.of(root, branch), "select sum(x) from customers", "7");
        everywhere(all, "select count(*) from journal", "4");
        assertThat(leaf.database().value("select count(*) from customers")).isEqualTo("0");
      }
    }
  }

  /** The header is encoded as Londiste does it, so that each program finds the same. */
  @Test
  void headers_are_the_same() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode ours = cluster.node("ours", Make.OURS, "13");
      MixedNode theirs = cluster.node("theirs", Make.REFERENCE, "14");
      for (MixedNode node : List.of(ours, theirs)) {
        node.createRoot();
        node.addTables(List.of("journal", "Odd Table"));
      }
      String script =
          file(
              "h.sql",
              """
              -- first
              --*-- Local-Table: journal,
              --*--  public.Odd Table

              --*-- Need-Sequence: journal_n_seq
              select 1 from @journal@, @public.Odd Table@;
              """);
      for (MixedNode node : List.of(ours, theirs)) {
        node.command("execute", script);
      }
      String attributes = "select execute_attrs from londiste.applied_execute";
      assertThat(ours.database().value(attributes)).isEqualTo(theirs.database().value(attributes));
    }
  }
}
