package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Load;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ours renames nodes and stores where they live, on databases and beside workers of the original.
 */
class PlacesIT {
  private static final String NAMES =
      "select string_agg(node_name, ' ' order by node_name) from pgq_node.node_location";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest(name = "root {0}, branch {1}, leaf {2}")
  @CsvSource({"OURS, REFERENCE, OUR_CODE_ONLY"})
  @WholeMatrix({"REFERENCE, OURS, REFERENCE"})
  void every_node_gets_another_name_and_location_under_load(Make top, Make middle, Make bottom)
      throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", top, "11");
      MixedNode branch = cluster.node("branch", middle, "12");
      MixedNode leaf = cluster.node("leaf", bottom, "16");
      Shop.fill(root.database(), 100);
      root.createRoot();
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 1, 5)) {
        root.start();
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.start();
        for (MixedNode node : cluster.nodes()) {
          await().until(() -> node == root || node.database().count("pgq_node.node_location") == 3);
          node.addTables(Shop.TABLES);
          Eventually.inSync(node.node());
        }
        rename(cluster, leaf, "branch", "middle", "leaf middle root");
        rename(cluster, branch, "root", "top", "leaf middle top");
        rename(cluster, root, "leaf", "bottom", "bottom middle top");
        for (MixedNode moved : cluster.nodes()) {
          String place = moved.database().connectString() + " connect_timeout=9";
          String name =
              String.valueOf(moved.database().value("select node_name from pgq_node.node_info"));
          leaf.command(Maker.OURS, "set-location", name, place);
          for (MixedNode node : cluster.nodes()) {
            assertThat(node.database().column("select node_location from pgq_node.node_location"))
                .contains(place);
          }
        }
        long before = load.committed();
        await().until(() -> load.committed() > before + 50);
        load.finish();
        Eventually.equal(root.node(), branch.node());
        Eventually.equal(root.node(), leaf.node());
        assertThat(root.command("status"))
            .contains("top (root)", "middle (branch)", "bottom (leaf)");
        leaf.command("change-provider", "--provider=top");
        assertThat(root.database().column("select subscriber_node from pgq_node.subscriber_info"))
            .containsExactlyInAnyOrder("bottom", "middle");
      }
    }
  }

  private static void rename(
      MixedCluster cluster, MixedNode from, String old, String renamed, String names) {
    from.command(Maker.OURS, "rename-node", old, renamed);
    for (MixedNode node : cluster.nodes()) {
      assertThat(node.database().value(NAMES)).isEqualTo(names);
      assertThat(node.database().column("select watermark_name from pgq_node.subscriber_info"))
          .doesNotContain("." + old + ".watermark");
    }
    from.command(Maker.OURS, "wait-root");
    // the workers have read the events about the names
    for (MixedNode node : cluster.nodes()) {
      await().untilAsserted(() -> assertThat(node.database().value(NAMES)).isEqualTo(names));
      assertThat(List.of(node.database().count("pgq_node.node_info"))).containsExactly(1L);
    }
  }
}
