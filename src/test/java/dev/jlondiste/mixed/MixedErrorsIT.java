package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Policies for events that cannot be applied, where one half of a node is that of Londiste. */
class MixedErrorsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> TABLES = List.of("journal");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  private static void replicate(MixedNode root, MixedNode leaf) {
    root.createRoot();
    root.addTables(TABLES);
    leaf.createBelow(NodeType.LEAF, root);
    leaf.addTables(TABLES);
  }

  private static void equal(MixedNode root, MixedNode leaf) {
    String rows = "select t::text from journal t order by 1";
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(leaf.database().column(rows)).isEqualTo(root.database().column(rows)));
  }

  /** Without a table for letters the commands refuse, and the worker stops. */
  @Test
  void database_code_of_londiste() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.OURS, "15");
      MixedNode leaf = cluster.node("leaf", Make.OUR_PROGRAMS_ONLY, "15");
      replicate(root, leaf);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        Eventually.inSync(leaf.node());
        for (String policy : List.of("dead-letter", "skip-event", "set-aside")) {
          CommandLine.Outcome refused =
              CommandLine.run(leaf.node(), "change-on-error", "journal", "--on-error=" + policy);
          assertThat(refused.code()).isEqualTo(1);
          assertThat(refused.log())
              .contains("--on-error=" + policy + ": this database cannot store skipped events")
              .contains("install.sql");
        }
        assertThat(CommandLine.run(leaf.node(), "dead-letters", "--retry").log())
            .contains("dead-letters: this database cannot store skipped events");
        leaf.database()
            .execute(
                "select londiste.local_set_table_attrs('testq', 'public.journal',"
                    + " 'on_error=dead-letter')");
        leaf.database().execute("alter table journal add constraint good check (amount > 0)");
        root.database().execute("insert into journal (amount) values (1), (-1), (2)");
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    String.valueOf(
                            leaf.database()
                                .value(
                                    "select cur_error from pgq_node.local_state where consumer_name"
                                        + " = 'leaf'"))
                        .contains("violates check constraint"));
        assertThat(leaf.database().count("journal")).isZero();
        leaf.database().execute("alter table journal drop constraint good");
        equal(root, leaf);
      }
    }
  }

  /** The attribute does not disturb a worker of Londiste. */
  @Test
  void worker_of_londiste() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.OURS, "15");
      MixedNode leaf = cluster.node("leaf", Make.OUR_CODE_ONLY, "15");
      replicate(root, leaf);
      leaf.command(Maker.OURS, "change-on-error", "journal", "--on-error=dead-letter");
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.start();
        Eventually.inSync(leaf.node());
        root.database().execute("insert into journal (amount) values (1), (2)");
        equal(root, leaf);
        assertThat(leaf.database().value("select table_attrs from londiste.table_info"))
            .isEqualTo("on_error=dead-letter");
      }
    }
  }
}
