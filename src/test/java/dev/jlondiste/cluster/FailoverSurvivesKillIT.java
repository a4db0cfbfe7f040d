package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A failover is killed at its statements, and the same command line finishes it. A sibling of the
 * new node is ahead of it, and a leaf reads from the lost node.
 */
class FailoverSurvivesKillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String ROWS = "select coalesce(sum(n), 0) || '/' || count(*) from journal";

  @TempDir private Path directory;
  private ProxiedCluster cluster;
  private TestNode root;
  private TestNode fresh;
  private TestNode sibling;
  private TestNode leaf;
  private final List<TestTicker> tickers = new ArrayList<>();

  @BeforeEach
  void cascade() {
    cluster = new ProxiedCluster(directory);
    root = cluster.root("root", "10");
    fresh = cluster.below(root, NodeType.BRANCH, "fresh", "18");
    sibling = cluster.below(root, NodeType.BRANCH, "sibling", "13");
    leaf = cluster.below(root, NodeType.LEAF, "leaf", "14");
    fresh.tickOften();
    for (TestNode node : nodes()) {
      tickers.add(new TestTicker(node.database()));
      node.database().execute("create table journal (n bigserial primary key, amount int)");
      node.start();
      node.addTables(List.of("public.journal"));
      Eventually.inSync(node);
      node.command("add-seq", "--all");
    }
  }

  private List<TestNode> nodes() {
    return List.of(root, fresh, sibling, leaf);
  }

  @AfterEach
  void close() {
    nodes().forEach(TestNode::stop);
    nodes().forEach(node -> node.database().bringBack());
    tickers.forEach(TestTicker::close);
    cluster.close();
  }

  @Test
  void a_dead_root() {
    new KilledCommand(cluster, cluster.operator(fresh), "takeover", "root", "--dead-root")
        .before(
            () -> {
              bringRootBack();
              loseRoot();
            })
        .afterwards(
            () -> {
              assertThat(type(fresh)).isEqualTo("root");
              assertThat(subscribers(fresh))
                  .containsExactly("leaf/leaf", "root/root.gravestone", "sibling/sibling");
              assertThat(subscribers(sibling)).isEmpty();
              write(fresh);
              arrived(fresh, sibling, leaf);
              assertRunning(fresh, sibling, leaf);
              assertThat(marks(fresh, sibling)).doesNotContain("failover");
            })
        .run();
  }

  /** The new node has not read what the sibling has. */
  private void loseRoot() {
    write(root);
    arrived(root, fresh, sibling, leaf);
    fresh.stop();
    leaf.stop();
    write(root);
    arrived(root, sibling);
    root.stop();
    root.database().lose();
    fresh.start();
    leaf.start();
  }

  private void bringRootBack() {
    if (!type(fresh).equals("root")) {
      return;
    }
    root.database().bringBack();
    root.start();
    resurrect(root);
    root.command("resync", "journal");
    root.command("resume");
    Eventually.inSync(root);
    root.command("takeover", "fresh");
    for (TestNode node : List.of(sibling, leaf)) {
      node.command("change-provider", "--provider=root");
    }
    arrived(root, fresh, sibling, leaf);
  }

  private void resurrect(TestNode node) {
    String before = System.getProperty("user.dir");
    System.setProperty("user.dir", directory.toString());
    try {
      Files.deleteIfExists(directory.resolve("resurrect-lost-events.json"));
      node.command("resurrect");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      System.setProperty("user.dir", before);
    }
  }

  @Test
  void a_dead_branch() {
    leaf.command("change-provider", "--provider=sibling");
    fresh.command("change-provider", "--provider=sibling");
    new KilledCommand(cluster, cluster.operator(fresh), "takeover", "sibling", "--dead-branch")
        .before(
            () -> {
              if (!provider(fresh).equals("sibling") || !provider(leaf).equals("sibling")) {
                bringSiblingBack();
              }
              loseSibling();
            })
        .afterwards(
            () -> {
              assertThat(provider(fresh)).isEqualTo("root");
              assertThat(provider(leaf)).isEqualTo("fresh");
              write(root);
              arrived(root, fresh, leaf);
              assertRunning(root, fresh, leaf);
            })
        .run();
  }

  /** The leaf is ahead of the node that becomes its provider. */
  private void loseSibling() {
    write(root);
    arrived(root, fresh, sibling, leaf);
    fresh.stop();
    write(root);
    arrived(root, sibling, leaf);
    sibling.stop();
    sibling.database().lose();
    fresh.start();
  }

  private void bringSiblingBack() {
    sibling.database().bringBack();
    sibling.start();
    root.command("tag-alive", "sibling");
    arrived(root, sibling);
    for (TestNode node : List.of(fresh, leaf)) {
      node.command("change-provider", "--provider=sibling");
    }
  }

  @Test
  void a_live_branch() {
    fresh.command("change-provider", "--provider=sibling");
    leaf.command("change-provider", "--provider=sibling");
    new KilledCommand(cluster, cluster.operator(fresh), "takeover", "sibling", "--all")
        .before(
            () -> {
              if (provider(sibling).equals("fresh")) {
                sibling.command("takeover", "fresh", "--all");
              }
            })
        .afterwards(
            () -> {
              assertThat(provider(fresh)).isEqualTo("root");
              assertThat(provider(sibling)).isEqualTo("fresh");
              assertThat(provider(leaf)).isEqualTo("fresh");
              assertThat(subscribers(root)).containsExactly("fresh/fresh");
              assertThat(subscribers(fresh)).containsExactly("leaf/leaf", "sibling/sibling");
              assertThat(subscribers(sibling)).isEmpty();
              write(root);
              arrived(root, fresh, sibling, leaf);
              assertRunning(root, fresh, sibling, leaf);
            })
        .run();
  }

  private static void write(TestNode node) {
    node.database().execute("insert into journal (amount) select i from generate_series(1, 5) i");
  }

  private static void arrived(TestNode from, TestNode... nodes) {
    for (TestNode node : nodes) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .untilAsserted(
              () ->
                  assertThat(node.database().value(ROWS))
                      .as(node.name())
                      .isEqualTo(from.database().value(ROWS)));
    }
  }

  private static void assertRunning(TestNode... nodes) {
    for (TestNode node : nodes) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          node.database()
                              .value(
                                  "select paused::text || ' ' || coalesce(cur_error, '')"
                                      + " from pgq_node.local_state"))
                      .as(node.name())
                      .isEqualTo("false "));
    }
  }

  private static String type(TestNode node) {
    return text(node, "select node_type from pgq_node.node_info");
  }

  private static String provider(TestNode node) {
    return text(node, "select provider_node from pgq_node.local_state");
  }

  private static String text(TestNode node, String query) {
    return String.valueOf(node.database().value(query));
  }

  private static List<String> subscribers(TestNode node) {
    return node
        .database()
        .column(
            "select subscriber_node || '/' || worker_name from pgq_node.subscriber_info order by 1")
        .stream()
        .map(String::valueOf)
        .toList();
  }

  private static String marks(TestNode... nodes) {
    StringBuilder marks = new StringBuilder();
    for (TestNode node : nodes) {
      marks.append(text(node, "select coalesce(node_attrs, '') from pgq_node.node_info"));
    }
    return marks.toString();
  }
}
