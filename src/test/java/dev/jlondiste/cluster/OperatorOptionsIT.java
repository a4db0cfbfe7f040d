package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options and older names of commands that no other test types. */
class OperatorOptionsIT {
  @TempDir private Path directory;

  private TestNode node(String name, String major, String... settings) {
    TestNode node = new TestNode(name, Servers.shared(major).createDatabase(), directory, settings);
    node.database().execute("create table t (id int primary key, t text)");
    return node;
  }

  @Test
  void nodes_are_created_and_moved_from_elsewhere() {
    try (TestNode root = node("root", "11");
        TestNode branch = node("branch", "14", "consumer_name = middle");
        TestNode leaf = node("leaf", "17")) {
      root.command("create-root", "root", root.database().connectString(), "--worker=top");
      root.tickOften();
      String provider = "--provider=" + root.database().connectString();
      branch.command(
          "create-branch",
          "branch",
          branch.database().connectString(),
          provider,
          "--worker=middle");
      // Both lead to the same database, but a check would see only that the texts differ.
      String location = leaf.database().connectString() + " connect_timeout=7";
      leaf.command("create-leaf", "leaf", location, provider, "--nocheck");
      assertThat(root.database().column("select worker_name from pgq_node.node_info"))
          .containsExactly("top");
      assertThat(
              root.database().column("select worker_name from pgq_node.subscriber_info order by 1"))
          .containsExactly("leaf", "middle");

      root.addTables(List.of("t"));
      root.database().execute("insert into t values (1, 'x')");
      try (TestTicker rootTicker = new TestTicker(root.database());
          TestTicker branchTicker = new TestTicker(branch.database())) {
        branch.start();
        leaf.start();
        for (TestNode node : List.of(branch, leaf)) {
          node.addTables(List.of("t"));
          Eventually.inSync(node);
        }
        // The ini file of the root is enough to administer the others.
        root.command("pause", "--node=leaf");
        assertThat(leaf.database().value("select paused from pgq_node.local_state")).isEqualTo("t");
        root.command("resume", "--node=leaf");
        assertThat(leaf.database().value("select paused from pgq_node.local_state")).isEqualTo("f");
        root.command("change-provider", "--node=leaf", "--provider=branch");
        assertThat(leaf.database().value("select provider_node from pgq_node.local_state"))
            .isEqualTo("branch");

        branch.database().executeAsReplica("update t set t = 'wrong'");
        leaf.command("resync", "t", "--copy-node=root");
        Eventually.inSync(leaf);
        assertThat(leaf.database().value("select t from t")).isEqualTo("x");
        assertThat(CommandLine.run(leaf, "compare", "--force").code()).isEqualTo(3);
        branch.command("resync", "t");
        Eventually.inSync(branch);
        assertThat(leaf.command("compare", "--force").log()).contains("1 table equal");
      }
    }
  }

  @Test
  void older_names_mean_the_same() {
    try (TestNode root = node("root", "12")) {
      root.createRoot();
      String members = root.command("members").out();
      assertThat(members).contains("root");
      assertThat(root.command("show-nodes").out()).isEqualTo(members);
      assertThat(root.command("show-members").out()).isEqualTo(members);
      Outcome worker = CommandLine.run(root, "worker", "--rewind");
      Outcome replay = CommandLine.run(root, "replay", "--rewind");
      assertThat(replay.code()).isEqualTo(worker.code());
      assertThat(replay.log()).isEqualTo(worker.log()).isNotEmpty();
    }
  }

  @Test
  void the_queue_of_the_file_can_be_replaced() {
    try (TestNode root = node("root", "12")) {
      root.createRoot();
      assertThat(CommandLine.run(root, "members", "--queue=other").log())
          .contains("Unknown queue: other");
      assertThat(root.command("members", "--queue=testq").out()).contains("root");
    }
  }
}
