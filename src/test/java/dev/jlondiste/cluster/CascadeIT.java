package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Root, branch and leaf on three major versions are changed while workers and applications run. */
class CascadeIT {
  @TempDir private Path directory;

  @Test
  void a_leaf_changes_its_provider_and_goes_back_under_load() throws Exception {
    try (TestNode root = new TestNode("root", Servers.shared("10").createDatabase(), directory);
        TestNode branch = new TestNode("branch", Servers.shared("14").createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared("18").createDatabase(), directory)) {
      Shop.create(root.database());
      Shop.fill(root.database(), 200);
      Shop.create(branch.database());
      Shop.create(leaf.database());
      root.createRoot();
      root.addTables(Shop.TABLES);
      root.command("add-seq", "--all");
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 2, 11)) {
        branch.createBelow(NodeType.BRANCH, root);
        leaf.createBelow(NodeType.LEAF, branch);
        root.start();
        branch.start();
        leaf.start();
        branch.addTables(Shop.TABLES);
        branch.command("add-seq", "--all");
        leaf.addTables(Shop.TABLES);
        Eventually.inSync(branch);
        Eventually.inSync(leaf);

        String moved = leaf.command("change-provider", "--provider=root").log();
        assertThat(moved)
            .contains(
                "INFO [root] Subscriber registered: leaf",
                "INFO [leaf] Consumer provider node set to : root",
                "INFO Consumer 'leaf' on node 'leaf' resumed",
                "INFO [branch] Subscriber unregistered: leaf");
        goesOnAfter(load, 200);
        leaf.command("change-provider", "--provider=branch");
        goesOnAfter(load, 200);
        assertThat(root.command("status").out())
            .containsSubsequence("root (root)", "+--: branch (branch)", "+--: leaf (leaf)");
        load.finish();
        Eventually.equal(root, branch);
        Eventually.equal(root, leaf);
        await()
            .untilAsserted(() -> assertThat(ticksOf(root).containsAll(ticksOf(branch))).isTrue());
        assertThat(leaf.command("compare").log()).doesNotContain("do not match");
        sequencesAreAhead(root, branch);
        snapshotOfAnotherWorkerGoes(leaf);
      }
    }
  }

  /** The state that Londiste leaves after the hand-over of a copied table. */
  private static void snapshotOfAnotherWorkerGoes(TestNode node) {
    node.database()
        .execute(
            "update londiste.table_info set custom_snapshot = '1:1:'"
                + " where table_name = 'public.journal'");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        node.database()
                            .column(
                                "select merge_state from londiste.table_info"
                                    + " where custom_snapshot is null"))
                    .hasSize(Shop.TABLES.size())
                    .containsOnly("ok"));
  }

  private static void goesOnAfter(Load load, long transactions) {
    long before = load.committed();
    await().until(() -> load.committed() > before + transactions);
  }

  /** Tick 1 of a branch is its own; all others are the root's. */
  private static List<String> ticksOf(TestNode node) {
    return node
        .database()
        .column("select tick_id from pgq.tick where tick_id > 1 order by tick_id")
        .stream()
        .map(String::valueOf)
        .toList();
  }

  private static void sequencesAreAhead(TestNode root, TestNode branch) {
    for (String sequence : Shop.SEQUENCES) {
      String lastValue = "select last_value from " + sequence;
      assertThat(branch.database().number(lastValue))
          .as(sequence)
          .isGreaterThan(root.database().number(lastValue));
    }
  }
}
