package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takeovers in a cascade of three levels, with commands on any node. */
class TakeoverInCascadeIT {
  @TempDir private Path directory;
  private TestNode root;
  private TestNode middle;
  private TestNode low;
  private TestNode other;

  @BeforeEach
  void cascade() {
    root = node("root", "10");
    middle = node("middle", "13");
    low = node("low", "18");
    other = node("other", "9.6");
    root.createRoot();
    middle.createBelow(NodeType.BRANCH, root);
    low.createBelow(NodeType.BRANCH, middle);
    other.createBelow(NodeType.LEAF, root);
    for (TestNode node : nodes()) {
      node.database().execute("create table t (id serial primary key)");
      node.start();
      node.addTables(List.of("public.t"));
      Eventually.inSync(node);
      node.command("add-seq", "--all");
    }
  }

  private TestNode node(String name, String major) {
    return new TestNode(name, Servers.shared(major).createDatabase(), directory, "ticker = 1");
  }

  private List<TestNode> nodes() {
    return List.of(root, middle, low, other);
  }

  @AfterEach
  void close() {
    nodes().forEach(TestNode::close);
  }

  @Test
  void the_lowest_takes_over_with_all_subscribers_and_leaves_no_subscription_behind() {
    low.command("takeover", "root", "--all");
    assertThat(subscribers(low)).containsExactly("middle", "other", "root");
    for (TestNode node : List.of(root, middle)) {
      assertThat(subscribers(node)).as(node.name()).isEmpty();
      assertThat(consumers(node)).as(node.name()).containsExactly(".global_watermark");
    }
    rowsArrive(low);

    root.command("takeover", "low");
    assertThat(subscribers(root)).containsExactly("low");
    rowsArrive(root);
  }

  /** As after kill -9 when the new root is open. */
  @Test
  void a_takeover_that_another_node_has_begun_is_neither_undone_nor_done_again() {
    middle.command("wait-root");
    root.database().execute("select pgq_node.demote_root('testq', 1, 'middle')");
    root.database().execute("select pgq_node.demote_root('testq', 2, 'middle')");
    await().until(() -> lastTick(middle) == lastTick(root));
    middle.database().execute("select pgq_node.promote_branch('testq')");
    middle
        .database()
        .execute(
            "select pgq_node.register_subscriber('testq', 'root', 'root', " + lastTick(root) + ")");
    root.database().execute("select pgq_node.set_node_attrs('testq', 'takeover=root:middle:x')");

    for (List<String> line :
        List.of(List.of("takeover", "root", "--undo"), List.of("takeover", "root"))) {
      Outcome refused = CommandLine.run(low, line.toArray(String[]::new));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.log())
          .containsAnyOf(
              "ERROR 'middle' is the root already, the takeover cannot be undone",
              "ERROR a takeover of 'root' by 'middle' is not finished");
    }
    assertThat(isClosed(root)).isTrue();
    low.command("takeover", "root", "--target=middle");
    assertThat(isClosed(middle)).isFalse();
    rowsArrive(middle);
  }

  @Test
  void undo_needs_no_name_of_the_node_that_was_to_take_over() {
    low.command("change-provider", "--provider=root");
    root.database().execute("select pgq_node.set_node_attrs('testq', 'takeover=root:middle:x')");
    root.database().execute("select pgq_node.demote_root('testq', 1, 'middle')");
    root.database()
        .execute(
            "alter database " + root.database().name() + " set default_transaction_read_only = on");
    assertThat(CommandLine.run(other, "drop-node", "middle").log())
        .contains("ERROR a takeover in which node 'middle' takes part is unfinished");
    assertThat(CommandLine.run(other, "takeover", "root", "--undo", "--target=low").log())
        .contains("ERROR the unfinished takeover of 'root' is by 'middle', not by 'low'");
    other.command("takeover", "root", "--undo");
    rowsArrive(root);
    assertThat(root.command("takeover", "root", "--undo").log()).contains("INFO Nothing to undo");
  }

  @Test
  void options_without_an_effect_are_refused() {
    for (List<String> line :
        List.of(
            List.of("takeover", "middle", "--on-open=true"),
            List.of("takeover", "middle", "--dead-branch", "--max-pause=1s"),
            List.of("takeover", "root", "--dead-root", "--undo"))) {
      Outcome refused = CommandLine.run(low, line.toArray(String[]::new));
      assertThat(refused.code()).as(refused.log()).isNotZero();
      assertThat(refused.log() + refused.out()).contains("does not apply to the takeover of");
    }
  }

  private void rowsArrive(TestNode from) {
    from.database().execute("insert into t default values");
    String ids = "select string_agg(id::text, ' ' order by id) from t";
    for (TestNode node : nodes()) {
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () ->
                  assertThat(node.database().value(ids))
                      .as(node.name())
                      .isEqualTo(from.database().value(ids)));
    }
  }

  private static boolean isClosed(TestNode node) {
    return "t".equals(node.database().value("select queue_disable_insert from pgq.queue"));
  }

  private static long lastTick(TestNode node) {
    return node.database().number("select max(tick_id) from pgq.tick");
  }

  private static List<String> subscribers(TestNode node) {
    return strings(node, "select subscriber_node from pgq_node.subscriber_info order by 1");
  }

  private static List<String> consumers(TestNode node) {
    return strings(
        node,
        "select co_name from pgq.consumer c join pgq.subscription s on s.sub_consumer = c.co_id order by 1");
  }

  private static List<String> strings(TestNode node, String query) {
    return node.database().column(query).stream().map(String::valueOf).toList();
  }
}
