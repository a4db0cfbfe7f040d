package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The name of a worker is its position: no two nodes of a cascade share one. */
class WorkerNamesIT {
  @TempDir private Path directory;

  private TestNode node(String name, String major) {
    return new TestNode(name, Servers.shared(major).createDatabase(), directory);
  }

  private static Outcome create(TestNode node, TestNode provider, String... more) {
    return CommandLine.run(
        node,
        List.of(
                List.of("create-leaf", node.name(), node.database().connectString()),
                List.of("--provider=" + provider.database().connectString()),
                List.of(more))
            .stream()
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  @Test
  void a_name_that_is_taken_is_refused_and_nothing_is_written() {
    try (TestNode root = node("root", Servers.NEWEST);
        TestNode leaf = node("leaf", Servers.NEWEST);
        TestNode branch = node("branch", Servers.NEWEST);
        TestNode other = node("other", Servers.NEWEST)) {
      root.createRoot();
      leaf.createBelow(NodeType.LEAF, root);
      root.database().execute("select pgq.register_consumer('testq', 'reports')");
      for (List<String> taken :
          List.of(
              List.of("leaf", "it is the worker of node 'leaf'"),
              List.of("root", "it is the worker of node 'root'"),
              List.of("reports", "a consumer of queue 'testq' on node 'root' has it"),
              List.of("leaf.copy.public.t", "a worker cannot be called"),
              List.of(".global_watermark", "a worker cannot be called"))) {
        Outcome outcome = create(other, root, "--worker=" + taken.get(0));
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.log()).contains("ERROR ", taken.get(1), "HINT:  set another job_name");
      }
      assertThat(root.database().count("pgq_node.node_location")).isEqualTo(2);
      assertThat(other.database().count("pg_namespace where nspname like 'pgq%'")).isZero();

      branch.createBelow(NodeType.BRANCH, root);
      assertThat(create(other, branch, "--worker=leaf").log())
          .contains("it is the worker of node 'leaf'");
      assertThat(create(other, branch).code()).isZero();
      root.database().execute("select pgq.register_consumer('testq', 'other')");
      Outcome moved = CommandLine.run(other, "change-provider", "--provider=root");
      assertThat(moved.code()).isEqualTo(1);
      assertThat(moved.log()).contains("worker name 'other' is taken");
    }
  }

  /** As releases before this one let it happen. */
  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, "13", Servers.NEWEST})
  void a_pair_that_shares_a_position_is_shown_and_either_node_can_be_dropped(String major) {
    try (TestNode old = node("old", major);
        TestNode one = node("one", major);
        TestNode two = node("two", major)) {
      old.createRoot();
      one.createBelow(NodeType.LEAF, old);
      two.createBelow(NodeType.LEAF, old);
      old.database()
          .execute(
              "update pgq_node.subscriber_info set worker_name = 'one' where worker_name = 'two'");
      old.database().execute("select pgq.unregister_consumer('testq', 'two')");
      two.database().execute("update pgq_node.node_info set worker_name = 'one'");
      two.database().execute("update pgq_node.local_state set consumer_name = 'one'");

      assertThat(old.command("status").log())
          .contains("WARNING nodes one and two have workers of the same name 'one'", "HINT:");
      assertThat(CommandLine.run(two, "check").code()).isEqualTo(3);

      // By the event of a drop, as a branch does it.
      old.database().execute("select pgq_node.unregister_subscriber('testq', 'two')");
      assertThat(old.database().column("select co_name from pgq.consumer")).contains("one");
      old.database().execute("select pgq_node.register_subscriber('testq', 'two', 'one', null)");

      two.command("drop-node", "two");
      assertThat(
              old.database()
                  .column("select co_name from pgq.consumer where co_name ~ '^.?(one|two)'"))
          .containsExactlyInAnyOrder("one", ".one.watermark");
      old.command("drop-node", "one");
      assertThat(
              old.database()
                  .column("select co_name from pgq.consumer where co_name ~ '^.?(one|two)'"))
          .isEmpty();
    }
  }
}
