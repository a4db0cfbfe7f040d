package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Load;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our command converts a leaf of any kind; a node of any kind then subscribes to it. */
class ConversionIT {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest(name = "root {0}, converted {1}, below {2}")
  @CsvSource({"OURS, OUR_CODE_ONLY, REFERENCE", "REFERENCE, OUR_PROGRAMS_ONLY, OUR_CODE_ONLY"})
  @WholeMatrix({"REFERENCE, REFERENCE, REFERENCE", "OURS, OURS, REFERENCE"})
  void a_converted_leaf_has_subscribers(Make root, Make leaf, Make below) throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      run(
          cluster.node("root", root, "9.6"),
          cluster.node("leaf", leaf, "16"),
          cluster.node("below", below, "13"));
    }
  }

  private static void run(MixedNode root, MixedNode leaf, MixedNode below) {
    Shop.fill(root.database(), 100);
    root.createRoot();
    root.addTables(Shop.TABLES);
    root.start();
    try (TestTicker ticker = new TestTicker(root.database());
        Load load = Load.on(root.database(), 1, 5)) {
      leaf.createBelow(NodeType.LEAF, root);
      leaf.start();
      leaf.addTables(Shop.TABLES);
      Eventually.inSync(leaf.node());

      leaf.command(Maker.OURS, "convert-node", "--to=branch");
      below.createBelow(NodeType.LEAF, leaf);
      below.start();
      below.addTables(Shop.TABLES);
      Eventually.inSync(below.node());
      load.finish();
      Eventually.equal(root.node(), leaf.node());
      Eventually.equal(root.node(), below.node());
      for (Maker by : Maker.values()) {
        assertThat(root.command(by, "status")).contains("leaf (branch)", "below (leaf)");
      }
      assertThat(CommandLine.run(leaf.node(), "check").log()).doesNotContain("trigger");

      below.stop();
      below.command("drop-node", "below");
      leaf.command(Maker.OURS, "convert-node", "--to=leaf");
      root.database().execute("update customers set balance = balance + 1");
      Eventually.equal(root.node(), leaf.node());
    }
  }
}
