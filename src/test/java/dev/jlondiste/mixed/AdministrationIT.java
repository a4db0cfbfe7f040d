package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.Shop;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every command of the one on databases of the other. */
class AdministrationIT {
  private static final String ORDERS = "public.orders";
  private static final String STATE =
      "select coalesce(merge_state, 'missing') from londiste.table_info where table_name = ?";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest
  @EnumSource(names = {"OUR_CODE_ONLY", "OUR_PROGRAMS_ONLY"})
  void tables_and_nodes_are_administered(Make make) throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      administer(
          cluster.node("root", make, "11"),
          cluster.node("branch", make, "12"),
          cluster.node("leaf", make, "16"));
    }
  }

  private static void administer(MixedNode root, MixedNode branch, MixedNode leaf) {
    Shop.fill(root.database(), 100);
    root.createRoot();
    try (TestTicker ticker = new TestTicker(root.database())) {
      root.start();
      branch.createBelow(NodeType.BRANCH, root);
      branch.start();
      leaf.createBelow(NodeType.LEAF, branch);
      leaf.start();
      root.addTables(Shop.TABLES);
      root.command("add-seq", "--all");
      assertThat(root.command("tables")).contains(Shop.TABLES);
      assertThat(root.command("seqs")).contains(Shop.SEQUENCES);
      await().until(() -> branch.command("missing").contains(ORDERS));
      branch.command("add-table", "--all");
      branch.command("add-seq", "--all");
      Eventually.inSync(branch.node());
      await().until(() -> leaf.command("missing").contains(ORDERS));
      leaf.command("add-table", "--all");
      leaf.command("add-seq", "--all");
      leaf.command("wait-sync");
      Eventually.inSync(leaf.node());

      assertThat(root.command("members")).contains("root", "branch", "leaf");
      assertThat(leaf.command("node-status")).contains("leaf");
      for (String report : List.of("check", "fkeys", "show-handlers")) {
        leaf.command(report);
      }

      branch.command("remove-table", ORDERS);
      assertThat(
              branch
                  .database()
                  .column("select local from londiste.table_info where table_name = ?", ORDERS))
          .containsExactly("f");
      branch.command("add-table", ORDERS);
      Eventually.inSync(branch.node());
      branch.command("remove-seq", "public.orders_id_seq");
      branch.command("add-seq", "public.orders_id_seq");
      leaf.command("resync", ORDERS);
      Eventually.inSync(leaf.node());

      leaf.command("pause");
      leaf.command("resume");
      leaf.command("change-provider", "--provider=root");
      root.database()
          .execute("insert into journal (amount) select i from generate_series(1, 50) i");
      leaf.command("wait-root");
      leaf.command("compare");
      Eventually.equal(root.node(), branch.node());
      Eventually.equal(root.node(), leaf.node());

      leaf.stop();
      leaf.command("drop-node", "leaf");
      assertThat(root.command("members")).doesNotContain("leaf");
      assertThat(leaf.database().column("select node_name from pgq_node.node_info")).isEmpty();
    }
  }

  /** Commands of the original that ours does not have yet. */
  @Test
  void the_original_repairs_executes_and_takes_over_on_our_code() throws Exception {
    try (MixedCluster cluster = new MixedCluster(directory)) {
      repairExecuteAndTakeOver(
          cluster.node("root", Make.OUR_CODE_ONLY, "9.6"),
          cluster.node("branch", Make.OUR_CODE_ONLY, "17"));
    }
  }

  private void repairExecuteAndTakeOver(MixedNode root, MixedNode branch) throws IOException {
    Shop.fill(root.database(), 100);
    root.createRoot();
    try (TestTicker ticker = new TestTicker(root.database());
        TestTicker next = new TestTicker(branch.database())) {
      root.start();
      branch.createBelow(NodeType.BRANCH, root);
      branch.start();
      root.addTables(Shop.TABLES);
      branch.addTables(Shop.TABLES);
      Eventually.inSync(branch.node());

      branch
          .database()
          .executeAsReplica(
              "delete from journal; delete from orders where id % 3 = 0;"
                  + " update orders set note = 'wrong' where id % 5 = 1");
      branch.command("repair", "--apply", ORDERS);
      assertThat(branch.command("compare", ORDERS)).doesNotContain("do not match");

      root.command(
          "execute",
          script("ddl.sql", "create table added (id int primary key, t text);").toString());
      await()
          .until(
              () -> "added".equals(branch.database().value("select to_regclass('added')::text")));
      root.addTables(List.of("public.added"));
      branch.addTables(List.of("public.added"));
      Eventually.inSync(branch.node());

      branch.command("takeover", "root");
      assertThat(branch.command("status")).containsSubsequence("branch (root)", "root (branch)");
      branch.database().execute("insert into added values (1, 'after the takeover')");
      await().until(() -> root.database().count("added") == 1);
      Shop.assertEqual(branch.database(), root.database());
      assertThat(root.database().column(STATE, "public.added")).containsExactly("ok");
    }
  }

  private Path script(String name, String sql) throws IOException {
    return Files.writeString(directory.resolve(name), sql);
  }
}
