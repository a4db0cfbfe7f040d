package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Load;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Matrix;
import dev.jlondiste.servers.Reference;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A node's worker is stopped there and started here, and back: same node, same position. */
class HandOverIT {
  private static final long SEED = 4711;
  private static final int CUT_COPIES = Matrix.isWhole() ? 3 : 1;

  /** There and back; in the whole matrix also again, and from one of the same kind. */
  private static final List<Maker> MAKERS =
      Matrix.isWhole()
          ? List.of(Maker.REFERENCE, Maker.OURS, Maker.REFERENCE, Maker.REFERENCE, Maker.OURS)
          : List.of(Maker.REFERENCE, Maker.OURS);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest
  @EnumSource(names = {"OURS", "OUR_PROGRAMS_ONLY"})
  void every_node_goes_to_the_other_maker_and_back_under_load(Make make) throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", make, "10");
      MixedNode branch = cluster.node("branch", make, "14");
      MixedNode leaf = cluster.node("leaf", make, "17");
      Shop.fill(root.database(), 200);
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 1, 7)) {
        root.start();
        branch.createBelow(NodeType.BRANCH, root);
        branch.start();
        branch.addTables(Shop.TABLES);
        Eventually.inSync(branch.node());
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.start();
        leaf.addTables(Shop.TABLES);
        Eventually.inSync(leaf.node());
        // Without their key these would hold what is applied twice.
        for (MixedNode node : List.of(branch, leaf)) {
          node.database().execute("alter table journal drop constraint journal_pkey");
        }
        List<@Nullable String> copiedOnBranch = files(branch);
        List<@Nullable String> copiedOnLeaf = files(leaf);
        for (Maker maker : MAKERS) {
          for (MixedNode node : List.of(leaf, branch, root)) {
            node.start(maker);
            movesOn(leaf);
          }
        }
        load.finish();
        Eventually.equal(root.node(), branch.node());
        Eventually.equal(root.node(), leaf.node());
        assertThat(files(branch)).isEqualTo(copiedOnBranch);
        assertThat(files(leaf)).isEqualTo(copiedOnLeaf);
      }
    }
  }

  /**
   * The original leaves such tables as they are when it is started again; ours continues their
   * copies.
   */
  @Test
  void tables_on_their_way_come_to_their_end_here() throws Exception {
    Random random = new Random(SEED);
    try (MixedCluster cluster = new MixedCluster(directory)) {
      MixedNode root = cluster.node("root", Make.OURS, "10");
      MixedNode leaf = cluster.node("leaf", Make.OURS, "17");
      Shop.fill(root.database(), 200);
      root.createRoot();
      root.addTables(Shop.TABLES);
      try (TestTicker ticker = new TestTicker(root.database());
          Load load = Load.on(root.database(), 1, 7)) {
        root.start();
        leaf.createBelow(NodeType.LEAF, root);
        leaf.start();
        leaf.addTables(Shop.TABLES);
        Eventually.inSync(leaf.node());
        for (int i = 0; i < CUT_COPIES; i++) {
          leaf.start(Maker.REFERENCE);
          leaf.command("resync", "--all");
          await().until(() -> !copying(leaf).isEmpty());
          TimeUnit.MILLISECONDS.sleep(random.nextInt(4000));
          leaf.stop();
          leaf.endCopies();
          LoggerFactory.getLogger(HandOverIT.class).info("found on their way: {}", copying(leaf));
          leaf.start(Maker.OURS);
          Eventually.inSync(leaf.node());
        }
        load.finish();
        Eventually.equal(root.node(), leaf.node());
        assertThat(root.database().column("select consumer_name from pgq.get_consumer_info()"))
            .noneMatch(name -> String.valueOf(name).contains(".copy."));
      }
    }
  }

  private static List<@Nullable String> copying(MixedNode node) {
    return node.database()
        .column(
            "select table_name || ' ' || merge_state from londiste.table_info"
                + " where merge_state <> 'ok' order by 1");
  }

  /** What the root does now reaches the node. */
  private static void movesOn(MixedNode node) {
    long before = completedTick(node);
    await().until(() -> completedTick(node) > before + 3);
  }

  private static long completedTick(MixedNode node) {
    return node.database()
        .number("select completed_tick from pgq_node.get_consumer_state('testq', '" + node + "')");
  }

  /** A copy would empty the tables first, and that gives them new files. */
  private static List<@Nullable String> files(MixedNode node) {
    return node.database()
        .column(
            "select pg_relation_filenode(c.oid) from pg_class c join londiste.table_info t"
                + " on c.oid = londiste.find_table_oid(t.table_name) order by t.table_name");
  }
}
