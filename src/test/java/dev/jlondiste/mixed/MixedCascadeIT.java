package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Load;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A root, two branches and two leaves below each, under load: every kind of node has every kind
 * above and below it.
 */
class MixedCascadeIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest(name = "root {0}, branches {1} and {2}, and the same again as leaves of each")
  @CsvSource({"OURS, OURS, REFERENCE", "OUR_PROGRAMS_ONLY, OUR_CODE_ONLY, OUR_PROGRAMS_ONLY"})
  @WholeMatrix({"REFERENCE, OURS, REFERENCE", "OUR_CODE_ONLY, OUR_CODE_ONLY, OUR_PROGRAMS_ONLY"})
  void tables_are_copied_and_followed(Make root, Make one, Make other) throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      run(cluster, root, one, other);
    }
  }

  private static void run(MixedCluster cluster, Make root, Make one, Make other) throws Exception {
    MixedNode top = cluster.node("root", root, "9.6");
    Shop.fill(top.database(), 200);
    top.createRoot();
    top.addTables(Shop.TABLES);
    top.command("add-seq", "--all");
    top.start();
    try (TestTicker ticker = new TestTicker(top.database());
        Load load = Load.on(top.database(), 1, 5)) {
      List<MixedNode> branches = below(cluster, top, NodeType.BRANCH, one, other);
      List<MixedNode> leaves = new ArrayList<>();
      for (MixedNode branch : branches) {
        leaves.addAll(below(cluster, branch, NodeType.LEAF, one, other));
      }
      replicate(branches);
      replicate(leaves);
      if (root == Make.OURS) { // other triggers refuse
        top.database().execute("update \"Odd Table\" set part = part + 100000 where part <= 20");
      }
      load.finish();
      for (MixedNode node : cluster.nodes()) {
        Eventually.equal(top.node(), node.node());
      }
      for (Maker by : Maker.values()) {
        assertThat(top.command(by, "status"))
            .contains("root (root)")
            .contains(branches.stream().map(branch -> branch + " (branch)").toList())
            .contains(leaves.stream().map(leaf -> leaf + " (leaf)").toList());
        assertEqualBy(by, branches.get(0));
      }
      // The original's compare waits below a branch for a tick that cannot come.
      assertEqualBy(Maker.OURS, leaves.get(0));
    }
  }

  private static List<MixedNode> below(
      MixedCluster cluster, MixedNode provider, NodeType type, Make... makes) {
    List<MixedNode> made = new ArrayList<>();
    for (Make make : makes) {
      String major = type == NodeType.BRANCH ? "13" : "17";
      MixedNode node = cluster.node(provider + "_" + (made.size() + 1), make, major);
      node.createBelow(type, provider);
      node.start();
      made.add(node);
    }
    return made;
  }

  private static void replicate(List<MixedNode> nodes) {
    for (MixedNode node : nodes) {
      node.addTables(Shop.TABLES);
      node.command("add-seq", "--all");
    }
    for (MixedNode node : nodes) {
      Eventually.inSync(node.node());
    }
  }

  private static void assertEqualBy(Maker program, MixedNode node) {
    assertThat(node.command(program, "compare"))
        .contains("Counting public.journal")
        .doesNotContain("do not match");
  }
}
