package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.admin.PreviousRelease;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The database code of the release before is replaced while everything runs. */
class UpgradeUnderLoadIT {
  @TempDir private Path directory;

  @ParameterizedTest(name = "from {0} to {1}")
  @CsvSource({"9.6, 18", "18, 9.6"})
  void nothing_is_lost(String source, String target) {
    try (TestNode root = node("root", source);
        TestNode leaf = node("leaf", target)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 200);
      Shop.create(leaf.database());
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        root.start();
        leaf.start();
        try (Load load = Load.on(root.database(), 2, 11)) {
          leaf.addTables(Shop.TABLES); // the upgrade meets first copies, too
          upgrade(root, "1.0.0");
          upgrade(leaf, "1.0.0");
          Eventually.inSync(leaf);
          for (int again = 0; again < 3; again++) {
            long before = load.committed();
            upgrade(root, "1.1.0");
            upgrade(leaf, "1.1.0");
            await().until(() -> load.committed() > before + 20);
          }
        }
        Eventually.equal(root, leaf);
      }
      assertThat(leaf.database().column("select cur_error from pgq_node.local_state"))
          .containsOnlyNulls();
    }
  }

  private TestNode node(String name, String major) {
    TestDatabase database = Servers.shared(major).createDatabase();
    PreviousRelease.install(database);
    return new TestNode(name, database, directory);
  }

  private static void upgrade(TestNode node, String from) {
    assertThat(node.command("upgrade").log())
        .contains("INFO pgq: found release " + from + ", now 1.1.0\n")
        .contains("INFO londiste: found release " + from + ", now 1.1.0\n");
    assertThat(node.database().value("select pgq.jlondiste_release()")).isEqualTo("1.1.0");
  }
}
