package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.PartitionHistory;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference's nodes below a root of ours with a partitioned table have its rows, too. Their
 * copies cannot read a partitioned table, but the ordinary one of a node between.
 */
class MixedPartitionsIT {
  private static final String ROWS = "select concat_ws('|', id, k, v) from p order by id, k";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void the_reference_has_the_rows_whatever_happens_to_the_partitions() throws Exception {
    Reference.assumeInstalled();
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.OURS, "16");
      MixedNode branch = cluster.node("branch", Make.OURS, "9.6");
      MixedNode leaf = cluster.node("leaf", Make.REFERENCE, "15");
      PartitionHistory history = new PartitionHistory(root.database(), 16, 7);
      history.begin();
      root.createRoot();
      root.start();
      root.addTables(List.of("p"));
      try (TestTicker ticker = new TestTicker(root.database());
          TestTicker below = new TestTicker(branch.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.database().execute("create table p (id int, k int, v text, primary key (id, k))");
        branch.addTables(List.of("p"));
        Eventually.inSync(branch.node());
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.start();
        leaf.database().execute("create table p (id int, k int, v text, primary key (id, k))");
        leaf.addTables(List.of("p"));
        Eventually.inSync(leaf.node());
        for (int i = 0; i < 3; i++) {
          history.go(15);
          haveTheRows(root, branch, leaf);
        }
      }
    }
  }

  private static void haveTheRows(MixedNode root, MixedNode... nodes) {
    for (MixedNode node : nodes) {
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () ->
                  assertThat(node.database().column(ROWS)).isEqualTo(root.database().column(ROWS)));
    }
  }
}
