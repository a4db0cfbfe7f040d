package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseIT {
  @TempDir private Path directory;

  /** It was awake a moment ago and has not asked since. */
  @Test
  void a_pause_holds_for_the_very_next_batch() throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared("15").createDatabase(), directory);
        TestNode leaf =
            new TestNode(
                "leaf", Servers.shared("15").createDatabase(), directory, "loop_delay = 8")) {
      Shop.create(root.database());
      Shop.create(leaf.database());
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(Shop.TABLES);
        leaf.start();
        Eventually.inSync(leaf);
        for (int round = 1; round <= 3; round++) {
          int before = 3 * round - 2;
          insert(root);
          awaitRows(leaf, before);
          setPaused(leaf, true);
          insert(root);
          awaitSeen(leaf);
          assertThat(leaf.database().count("journal")).isEqualTo(before);
          setPaused(leaf, false);
          insert(root);
          awaitSeen(leaf);
          awaitRows(leaf, before + 2);
        }
      }
    }
  }

  private static void insert(TestNode root) {
    root.database().execute("insert into journal (amount) values (5)");
  }

  private static void awaitRows(TestNode leaf, int rows) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(leaf.database().count("journal")).isEqualTo(rows));
  }

  private static void setPaused(TestNode leaf, boolean paused) {
    leaf.database()
        .rows(
            "select pgq_node.set_consumer_paused(queue_name, worker_name, ?) from pgq_node.node_info",
            paused);
  }

  private static void awaitSeen(TestNode leaf) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                leaf.database()
                        .number("select count(*) from pgq_node.local_state where not uptodate")
                    == 0);
  }
}
