package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code check --cut-over} where one of the nodes has code or programs of the original: what is not
 * known of it is a warning, and nothing blocks.
 */
class ReadinessIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest
  @CsvSource({"REFERENCE, OURS", "OURS, OUR_PROGRAMS_ONLY"})
  @WholeMatrix({"OUR_CODE_ONLY, OURS"})
  void what_is_not_known_does_not_block(Make rootMake, Make branchMake) throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", rootMake, "13");
      MixedNode branch = cluster.node("branch", branchMake, "16");
      Shop.fill(root.database(), 100);
      root.createRoot();
      try (TestTicker ticker = new TestTicker(root.database())) {
        root.start();
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        root.addTables(Shop.TABLES);
        root.command("add-seq", "--all");
        await().until(() -> branch.command("missing").contains("public.orders"));
        branch.command("add-table", "--all");
        branch.command("add-seq", "--all");
        Eventually.inSync(branch.node());
        branch.command("wait-sync");
        branch.command("compare");
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> assertThat(answer(branch)).contains("Cut-over: yes"));
        assertThat(answer(branch)).contains(expected(rootMake, branchMake));
        if (rootMake == Make.REFERENCE) {
          right_to_undo(root, branch);
        }
      }
    }
  }

  private static String answer(MixedNode branch) {
    Outcome outcome =
        CommandLine.run(branch.node(), "check", "--cut-over", "--prepare", "--max-lag=1min");
    return outcome.out() + outcome.log();
  }

  private static String[] expected(Make rootMake, Make branchMake) {
    if (branchMake == Make.OUR_PROGRAMS_ONLY) {
      return new String[] {
        "warning: the results of comparisons are not known: the database of node 'branch' cannot"
            + " store them\n",
        "warning: [branch] public.orders: has compatible triggers, those of node 'root' are native"
      };
    }
    return rootMake == Make.REFERENCE ? new String[] {""} : new String[] {"Cut-over: yes"};
  }

  /** Another role may not write to the tables of the original. */
  private static void right_to_undo(MixedNode root, MixedNode branch) {
    root.database()
        .execute(
            "create role clerk login; grant pgq_reader, pgq_admin, londiste_writer to clerk;"
                + " revoke update on pgq.queue from pgq_admin");
    try {
      Outcome outcome =
          CommandLine.run(
              branch.node(), "check", "--cut-over", "--set", "remote_extra_connstr=user=clerk");
      assertThat(outcome.out() + outcome.log())
          .contains("blocker: role 'clerk' may not update pgq.queue on node 'root'");
    } finally {
      root.database().execute("grant update on pgq.queue to pgq_admin; drop role clerk");
    }
  }
}
