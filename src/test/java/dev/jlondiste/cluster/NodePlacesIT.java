package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes change their provider, are paused, and are dropped while applications write. */
class NodePlacesIT {
  private static final String SUBSCRIBERS =
      "select coalesce(string_agg(subscriber_node, ' ' order by 1), '')"
          + " from pgq_node.subscriber_info";

  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void running_cascade() throws SQLException {
    root = new TestNode("root", Servers.shared("10").createDatabase(), directory);
    branch = new TestNode("branch", Servers.shared("14").createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.newest().createDatabase(), directory);
    root.createRoot();
    branch.createBelow(NodeType.BRANCH, root);
    leaf.createBelow(NodeType.LEAF, branch);
    ticker = new TestTicker(root.database());
    for (TestNode node : new TestNode[] {root, branch, leaf}) {
      Shop.create(node.database());
      node.start();
    }
  }

  @AfterEach
  void close() {
    leaf.close();
    branch.close();
    ticker.close();
    root.close();
  }

  private static String provider(TestNode node) {
    return String.valueOf(node.database().value("select provider_node from pgq_node.local_state"));
  }

  private static boolean isPaused(TestNode node) {
    return "t".equals(node.database().value("select paused from pgq_node.local_state"));
  }

  @Test
  void a_leaf_moves_to_another_provider_and_back_without_losing_a_row() throws SQLException {
    Shop.fill(root.database(), 200);
    root.addTables(Shop.TABLES);
    branch.addTables(Shop.TABLES);
    Eventually.inSync(branch);
    leaf.addTables(Shop.TABLES);
    Eventually.inSync(leaf);
    try (Load load = Load.on(root.database(), 2, 7)) {
      for (String provider : new String[] {"root", "branch", "root", "branch"}) {
        long before = load.committed();
        Outcome outcome = CommandLine.run(leaf, "change-provider", "--provider=" + provider);
        assertThat(outcome.log())
            .contains("INFO [leaf] Consumer provider node set to : " + provider + "\n");
        assertThat(outcome.code()).isZero();
        assertThat(provider(leaf)).isEqualTo(provider);
        assertThat(isPaused(leaf)).isFalse();
        assertThat(load.committed()).isGreaterThan(before);
      }
      load.finish();
    }
    Eventually.equal(root, leaf);
    Eventually.equal(root, branch);
    assertThat(root.database().value(SUBSCRIBERS)).isEqualTo("branch");
    assertThat(branch.database().value(SUBSCRIBERS)).isEqualTo("leaf");
  }

  @Test
  void a_provider_that_is_behind_is_waited_for() throws Exception {
    leaf.command("change-provider", "root");
    branch.stop();
    leaf.command("wait-root");
    CompletableFuture<Outcome> change =
        CompletableFuture.supplyAsync(() -> CommandLine.run(leaf, "change-provider", "branch"));
    await().until(() -> isPaused(leaf));
    assertThat(provider(leaf)).isEqualTo("root");
    branch.start();
    assertThat(change.get(60, TimeUnit.SECONDS).code()).isZero();
    assertThat(provider(leaf)).isEqualTo("branch");
    assertThat(isPaused(leaf)).isFalse();
    leaf.command("wait-root");
  }

  @Test
  void a_node_leaves_a_provider_that_does_not_answer() {
    leaf.command("change-provider", "root");
    branch
        .database()
        .execute(
            "update pgq_node.node_location set node_location = 'host=127.0.0.1 port=1'"
                + " where node_name = 'root'");
    leaf.database()
        .execute(
            "update pgq_node.node_location set node_location = 'host=127.0.0.1 port=1'"
                + " where node_name = 'root'");
    leaf.command("pause");
    Outcome outcome = CommandLine.run(leaf, "change-provider", "branch");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    assertThat(outcome.log()).contains("[root] old subscription of leaf stays: connection");
    assertThat(isPaused(leaf)).isFalse();
    leaf.command("set-location", "root", root.database().connectString());
    leaf.command("change-provider", "branch");
    assertThat(root.database().value(SUBSCRIBERS)).isEqualTo("branch");
  }

  @Test
  void an_impossible_change_is_refused_and_the_worker_continues() {
    assertThat(CommandLine.run(leaf, "change-provider", "--provider=nosuch").log())
        .contains("ERROR get_node_database: cannot resolve nosuch");
    assertThat(CommandLine.run(leaf, "change-provider", "--provider=leaf").log())
        .contains("ERROR cannot subscribe to itself");
    assertThat(CommandLine.run(branch, "change-provider", "--provider=leaf").log())
        .contains("ERROR Cannot subscribe to leaf node 'leaf'");
    assertThat(CommandLine.run(root, "change-provider", "--provider=branch").log())
        .contains("ERROR node 'root' is the root");
    assertThat(CommandLine.run(leaf, "change-provider").log())
        .contains("ERROR Please give --provider");
    for (TestNode node : new TestNode[] {root, branch, leaf}) {
      assertThat(isPaused(node)).isFalse();
    }
    Outcome same = CommandLine.run(leaf, "change-provider", "--provider=branch");
    assertThat(same.code()).isZero();
    assertThat(same.log())
        .contains("INFO Consumer 'leaf' at node 'leaf' has already 'branch' as provider\n");
  }

  @Test
  void a_subscription_that_a_killed_change_left_behind_is_removed_by_the_next() {
    root.database().execute("select pgq_node.register_subscriber('testq', 'leaf', 'leaf', null)");
    assertThat(CommandLine.run(leaf, "change-provider", "--provider=branch").code()).isZero();
    assertThat(root.database().value(SUBSCRIBERS)).isEqualTo("branch");
  }

  @Test
  void a_worker_is_paused_from_wherever_its_name_is_known() {
    assertThat(CommandLine.run(leaf, "pause").log())
        .contains(
            "INFO [leaf] Consumer leaf tagged as paused\n",
            "INFO Waiting for worker to accept\n",
            "INFO Consumer 'leaf' on node 'leaf' paused\n");
    assertThat(CommandLine.run(leaf, "pause").log())
        .contains("INFO [leaf] Consumer leaf already paused\n");
    assertThat(isPaused(leaf)).isTrue();
    assertThat(CommandLine.run(root, "resume", "--consumer=leaf").code()).isZero();
    assertThat(isPaused(leaf)).isFalse();
    assertThat(CommandLine.run(root, "pause", "branch").code()).isZero();
    assertThat(isPaused(branch)).isTrue();
    assertThat(CommandLine.run(root, "pause", "--consumer=nobody").code()).isEqualTo(1);
  }

  @Test
  void a_node_with_subscribers_stays() {
    Outcome outcome = CommandLine.run(root, "drop-node", "branch");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.log()).contains("ERROR node still has subscribers: leaf");
    assertThat(branch.database().count("pgq_node.node_info")).isEqualTo(1);
  }

  @Test
  void a_node_is_dropped_from_everywhere() {
    leaf.stop();
    Outcome outcome = CommandLine.run(leaf, "drop-node", "leaf");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.log())
        .contains(
            "INFO Ok\n",
            "INFO Node dropped: leaf\n",
            "INFO [root] Node dropped: leaf\n",
            "INFO [branch] Node dropped: leaf\n");
    assertThat(leaf.database().count("pgq_node.node_location")).isZero();
    assertThat(branch.database().value(SUBSCRIBERS)).isEmpty();
    assertThat(root.database().count("pgq_node.node_location")).isEqualTo(2);
    assertThat(CommandLine.run(root, "drop-node", "leaf").log())
        .contains("ERROR get_node_database: cannot resolve leaf");
  }

  @Test
  void a_node_that_is_gone_for_good_can_be_dropped_too() {
    leaf.stop();
    leaf.database().close();
    assertThat(CommandLine.run(root, "drop-node", "leaf").code()).isZero();
    assertThat(branch.database().value(SUBSCRIBERS)).isEmpty();
    assertThat(root.database().count("pgq_node.node_location")).isEqualTo(2);
  }
}
