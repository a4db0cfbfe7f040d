package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes get other names while their workers run and applications write. */
class RenameNodeIT {
  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void cascade() {
    root = new TestNode("root", Servers.shared("9.6").createDatabase(), directory);
    branch = new TestNode("branch", Servers.shared("14").createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
    root.createRoot();
    branch.createBelow(NodeType.BRANCH, root);
    leaf.createBelow(NodeType.LEAF, branch);
    ticker = new TestTicker(root.database());
    for (TestNode node : all()) {
      Shop.create(node.database());
      node.start();
    }
  }

  @AfterEach
  void close() throws Exception {
    leaf.close();
    branch.close();
    ticker.close();
    root.close();
  }

  private List<TestNode> all() {
    return List.of(root, branch, leaf);
  }

  /** All names of nodes that a database has stored. */
  private static List<String> names(TestNode node) {
    return node
        .database()
        .column(
            """
            select distinct name
              from (select node_name as name from pgq_node.node_location
                    union all select node_name from pgq_node.node_info
                    union all select provider_node from pgq_node.local_state
                    union all select subscriber_node from pgq_node.subscriber_info
                    union all select substr(watermark_name, 2, length(watermark_name) - 11)
                                from pgq_node.subscriber_info
                    union all select substr(co_name, 2, length(co_name) - 11)
                                from pgq.consumer where co_name ~ '^[.].*[.]watermark$'
                    union all select substr(table_attrs, position('copy_node=' in table_attrs) + 10)
                                from londiste.table_info where table_attrs like '%copy_node=%'
                   ) n
             order by 1
            """)
        .stream()
        .map(String::valueOf)
        .toList();
  }

  @Test
  void every_node_gets_another_name_under_load() throws Exception {
    Shop.fill(root.database(), 200);
    root.addTables(Shop.TABLES);
    branch.addTables(Shop.TABLES);
    leaf.command("add-table", "public.customers", "public.orders", "--copy-node=root");
    leaf.addTables(Shop.TABLES);
    Eventually.inSync(branch);
    Eventually.inSync(leaf);
    try (Load load = Load.on(root.database(), 2, 3)) {
      // each from another node, and each with other nodes above and below it
      rename(leaf, "branch", "middle");
      rename(branch, "leaf", "bottom");
      rename(root, "root", "top");
      rename(leaf, "middle", "centre");
      long before = load.committed();
      await().until(() -> load.committed() > before + 100);
      load.finish();
    }
    Eventually.equal(root, leaf);
    Eventually.equal(root, branch);
    assertThat(leaf.command("compare").log()).doesNotContain("do not match");
    assertThat(root.command("status").out())
        .containsSubsequence("top (root)", "+--: centre (branch)", "+--: bottom (leaf)");
    for (TestNode node : all()) {
      await()
          .untilAsserted(() -> assertThat(names(node)).containsExactly("bottom", "centre", "top"));
    }
    assertThat(leaf.database().column("select table_attrs from londiste.table_info order by 1"))
        .contains("copy_node=top");
    // the renamed nodes are nodes like others
    leaf.command("change-provider", "top");
    leaf.command("change-provider", "centre");
    for (TestNode node : all()) {
      assertThat(node.database().value("select bool_or(paused) from pgq_node.local_state"))
          .isEqualTo("f");
    }
  }

  private void rename(TestNode from, String old, String renamed) {
    await().until(() -> all().stream().noneMatch(RenameNodeIT::isBehind));
    Outcome outcome = CommandLine.run(from, "rename-node", old, renamed);
    assertThat(outcome.code()).as(outcome.log()).isZero();
    assertThat(outcome.log())
        .contains(
            "INFO Node '" + old + "' renamed to '" + renamed + "'\n",
            "node_name = " + renamed + ", if it is set there; its worker keeps the name");
    assertThat(outcome.log()).doesNotContain("WARN", "ERROR");
    for (TestNode node : all()) {
      assertThat(names(node)).doesNotContain(old).contains(renamed);
    }
    Outcome again = CommandLine.run(from, "rename-node", old, renamed);
    assertThat(again.code()).isZero();
    assertThat(again.log()).contains("no member knows '" + old + "': nothing to do");
  }

  private static boolean isBehind(TestNode node) {
    return node.database().count("pgq_node.node_location") != 3;
  }

  @Test
  void what_cannot_be_is_refused_before_anything_is_written() {
    List<String> before =
        Stream.of(root, branch, leaf).map(node -> names(node).toString()).toList();
    assertThat(refused("branch", "leaf")).contains("ERROR another node is called 'leaf'");
    assertThat(refused("nosuch", "new")).contains("ERROR get_node_database: cannot resolve nosuch");
    assertThat(refused("branch", "branch")).contains("has this name already");
    for (String name : List.of("", " ", "a b", "a,b", "a:b", "?")) {
      assertThat(refused("branch", name)).contains("'" + name + "' is no name for a node");
    }
    root.database()
        .execute("update pgq_node.node_info set node_attrs = 'takeover=root%3Abranch%3A1'");
    assertThat(refused("leaf", "new")).contains("ERROR a takeover of node 'root' has not finished");
    root.database().execute("update pgq_node.node_info set node_attrs = null");
    root.command("tag-dead", "leaf");
    assertThat(refused("leaf", "new")).contains("ERROR node 'leaf' is tagged as dead");
    root.command("tag-alive", "leaf");
    for (TestNode on : List.of(root, leaf)) {
      on.database()
          .execute(
              "update pgq_node.node_location set node_location = 'host=127.0.0.1 port=1'"
                  + " where node_name = 'branch'");
    }
    Outcome unreached = CommandLine.run(root, "rename-node", "leaf", "new");
    assertThat(unreached.log())
        .contains("ERROR these nodes are not reached", "\n  branch: connection to server");
    assertThat(Stream.of(root, branch, leaf).map(node -> names(node).toString()).toList())
        .isEqualTo(before);
  }

  private String refused(String old, String renamed) {
    Outcome outcome = CommandLine.run(root, "rename-node", old, renamed);
    assertThat(outcome.code()).isEqualTo(1);
    return outcome.log();
  }

  @Test
  void lists_of_sync_watermark_and_a_gravestone_follow() {
    branch
        .database()
        .execute("select pgq_node.set_node_attrs('testq', 'a=b%26c&sync_watermark=leaf,%20other')");
    root.database().execute("select pgq.register_consumer('testq', 'leaf.gravestone')");
    root.command("rename-node", "leaf", "end");
    assertThat(branch.database().value("select node_attrs from pgq_node.node_info"))
        .isEqualTo("a=b%26c&sync_watermark=end%2cother");
    assertThat(root.database().column("select co_name from pgq.consumer"))
        .contains("end.gravestone")
        .doesNotContain("leaf.gravestone");
  }
}
