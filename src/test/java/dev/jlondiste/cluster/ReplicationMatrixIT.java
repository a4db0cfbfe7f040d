package dev.jlondiste.cluster;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every supported major as source and as target, under load from before the copy to after it. */
class ReplicationMatrixIT {
  @TempDir private Path directory;

  @ParameterizedTest(name = "from {0} to {1}")
  @CsvSource({"9.6, 18", "18, 9.6", "10, 17", "16, 11", "12, 15", "14, 13"})
  @WholeMatrix({"17, 10", "11, 16", "15, 12", "13, 14"})
  void a_leaf_becomes_and_stays_equal(String source, String target) throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared(source).createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared(target).createDatabase(), directory)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 200);
      Shop.create(leaf.database());
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 2, 42)) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        root.start();
        leaf.start();
        Eventually.inSync(leaf);
        load.finish();
        Eventually.equal(root, leaf);
      }
    }
  }
}
