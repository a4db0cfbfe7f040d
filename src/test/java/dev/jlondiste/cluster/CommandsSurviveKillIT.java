package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands are killed at their statements, and the same command line finishes what they began. */
class CommandsSurviveKillIT {
  @TempDir private Path directory;
  private ProxiedCluster cluster;
  private TestNode root;
  private TestNode branch;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void running_cascade() {
    cluster = new ProxiedCluster(directory);
    root = cluster.root("root", "10");
    branch = cluster.below(root, NodeType.BRANCH, "branch", "14");
    leaf = cluster.below(branch, NodeType.LEAF, "leaf", "18");
    ticker = new TestTicker(root.database());
    for (TestNode node : List.of(root, branch, leaf)) {
      node.database().execute("create table t (id serial primary key)");
      node.start();
    }
    for (TestNode node : List.of(root, branch, leaf)) {
      node.addTables(List.of("public.t"));
      Eventually.inSync(node);
    }
  }

  @AfterEach
  void close() {
    ticker.close();
    cluster.close();
  }

  @Test
  void change_provider() {
    new KilledCommand(cluster, cluster.operator(leaf), "change-provider", "--provider=root")
        .before(() -> leaf.command("change-provider", "--provider=branch"))
        .afterwards(
            () -> {
              assertThat(isPaused(leaf)).isFalse();
              assertThat(provider(leaf)).isEqualTo("root");
              assertThat(subscribers(root)).containsExactly("branch", "leaf");
              assertThat(subscribers(branch)).isEmpty();
              rowsArrive();
            })
        .run();
  }

  @Test
  void pause() {
    new KilledCommand(cluster, cluster.operator(leaf), "pause")
        .before(() -> leaf.command("resume"))
        .afterwards(() -> assertThat(isPaused(leaf)).isTrue())
        .run();
  }

  @Test
  void resume() {
    new KilledCommand(cluster, cluster.operator(leaf), "resume")
        .before(() -> leaf.command("pause"))
        .afterwards(
            () -> {
              assertThat(isPaused(leaf)).isFalse();
              rowsArrive();
            })
        .run();
  }

  @Test
  void tag_dead() {
    new KilledCommand(cluster, cluster.operator(branch), "tag-dead", "leaf")
        .before(() -> branch.command("tag-alive", "leaf"))
        .afterwards(
            () -> {
              assertThat(dead(branch)).containsExactly("leaf");
              assertThat(dead(root)).containsExactly("leaf");
            })
        .run();
  }

  @Test
  void create_leaf() {
    TestNode fresh = cluster.database("fresh", "18");
    fresh.database().execute("create table t (id serial primary key)");
    new KilledCommand(
            cluster,
            cluster.operator(fresh),
            "create-leaf",
            "fresh",
            cluster.location(fresh),
            "--provider=" + cluster.location(root))
        .before(() -> drop("fresh"))
        .whichMayEnd(
            again ->
                again.code() == 0 || again.log().contains("Node is already initialized as leaf"))
        .afterwards(
            () -> {
              assertThat(subscribers(root)).containsExactly("branch", "fresh");
              assertThat(members(root)).containsExactly("branch", "fresh", "leaf", "root");
              assertThat(members(fresh)).containsExactly("branch", "fresh", "leaf", "root");
              fresh.addTables(List.of("public.t"));
              fresh.start();
              Eventually.inSync(fresh);
              fresh.stop();
            })
        .run();
  }

  @Test
  void drop_node() {
    TestNode fresh = cluster.database("fresh", "9.6");
    new KilledCommand(cluster, cluster.operator(root), "drop-node", "fresh")
        .before(
            () -> {
              isForgotten("fresh");
              fresh.command(
                  "create-leaf",
                  "fresh",
                  cluster.location(fresh),
                  "--provider=" + cluster.location(branch));
            })
        .whichMayEnd(again -> again.code() == 0 || again.log().contains("cannot resolve fresh"))
        .afterwards(
            () -> {
              assertThat(subscribers(branch)).containsExactly("leaf");
              for (TestNode node : List.of(root, branch)) {
                await()
                    .untilAsserted(
                        () -> assertThat(members(node)).containsExactly("branch", "leaf", "root"));
              }
              assertThat(fresh.database().count("pgq_node.node_info")).isZero();
              assertThat(branch.database().column("select co_name from pgq.consumer order by 1"))
                  .doesNotContain("fresh");
            })
        .run();
  }

  @Test
  void rename_node() {
    new KilledCommand(cluster, cluster.operator(leaf), "rename-node", "branch", "middle")
        .from("pgq_node.register_location")
        .before(
            () -> {
              if (members(root).contains("middle")) {
                rowsArrive(); // and the events about the names before them
                leaf.command("rename-node", "middle", "branch");
                rowsArrive();
              }
            })
        .whenKilled(this::rowsArrive)
        .afterwards(
            () -> {
              for (TestNode node : List.of(root, branch, leaf)) {
                assertThat(members(node)).containsExactly("leaf", "middle", "root");
              }
              assertThat(names(root, "select watermark_name from pgq_node.subscriber_info"))
                  .containsExactly(".middle.watermark");
              rowsArrive();
            })
        .run();
  }

  @Test
  void set_location() {
    String place = cluster.location(branch) + " connect_timeout=9";
    new KilledCommand(cluster, cluster.operator(leaf), "set-location", "branch", place)
        .from("pgq_node.register_location")
        .before(() -> leaf.command("set-location", "branch", cluster.location(branch)))
        .whenKilled(this::rowsArrive)
        .afterwards(
            () -> {
              for (TestNode node : List.of(root, branch, leaf)) {
                assertThat(names(node, "select node_location from pgq_node.node_location"))
                    .contains(place);
              }
              rowsArrive();
            })
        .run();
  }

  private void drop(String name) {
    if (members(root).contains(name)) {
      root.command("drop-node", name);
    }
    isForgotten(name);
  }

  private void isForgotten(String name) {
    for (TestNode node : List.of(root, branch, leaf)) {
      await().untilAsserted(() -> assertThat(members(node)).doesNotContain(name));
    }
  }

  private static String provider(TestNode node) {
    return String.valueOf(node.database().value("select provider_node from pgq_node.local_state"));
  }

  private static boolean isPaused(TestNode node) {
    return "t".equals(node.database().value("select paused from pgq_node.local_state"));
  }

  private static List<String> names(TestNode node, String query) {
    return node.database().column(query).stream().map(String::valueOf).toList();
  }

  private static List<String> subscribers(TestNode node) {
    return names(node, "select subscriber_node from pgq_node.subscriber_info order by 1");
  }

  private static List<String> members(TestNode node) {
    return names(node, "select node_name from pgq_node.node_location order by 1");
  }

  private static List<String> dead(TestNode node) {
    return names(node, "select node_name from pgq_node.node_location where dead order by 1");
  }

  private void rowsArrive() {
    root.database().execute("insert into t default values");
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () ->
                assertThat(leaf.database().column("select id from t order by 1"))
                    .isEqualTo(root.database().column("select id from t order by 1")));
  }
}
