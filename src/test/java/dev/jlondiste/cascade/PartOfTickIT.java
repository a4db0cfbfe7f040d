package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose position is inside a tick receives batches that do not end at this tick. */
class PartOfTickIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private long start;
  private long firstTick;

  /** The leaf has the first half of the first of two ticks, and its worker is stopped. */
  @BeforeEach
  void applyHalf() {
    root = new TestNode("root", Servers.newest().createDatabase(), directory);
    leaf =
        new TestNode(
            "leaf", Servers.newest().createDatabase(), directory, "pgq_batch_collect_events = 15");
    root.createRoot();
    for (TestNode node : List.of(root, leaf)) {
      node.database().execute("create table t (id int primary key)");
    }
    root.addTables(List.of("t"));
    try (TestTicker ticker = new TestTicker(root.database())) {
      leaf.createBelow(NodeType.LEAF, root);
      leaf.command("add-table", "t", "--expect-sync");
    }
    start = root.database().number("select max(tick_id) from pgq.tick");
    root.database().rows("select pgq.register_consumer_at('testq', 'leaf', ?)", start);
    leaf.database().rows("select pgq_node.set_consumer_completed('testq', 'leaf', ?)", start);
    firstTick = insert(1, 10);
    insert(11, 20);
    leaf.database().executeAsReplica("insert into t select generate_series(1, 5)");
  }

  @AfterEach
  void drop() {
    leaf.close();
    root.close();
  }

  private long insert(int from, int to) {
    root.database().execute("insert into t select generate_series(%d, %d)".formatted(from, to));
    root.database().rows("select pgq.force_tick('testq')");
    return root.database().number("select pgq.ticker('testq')");
  }

  private void storePart(long tick) {
    long event =
        root.database()
            .number(
                "select ev_id from pgq.event_template where ev_data like '%5%' order by 1 limit 1");
    leaf.database()
        .execute(
            "insert into pgq_node.tick_part values ('testq', 'leaf', %d, %d, %d)"
                .formatted(start, tick, event));
  }

  @Test
  void the_rest_of_the_tick_comes_first() {
    storePart(firstTick);
    leaf.start();
    await().atMost(PATIENCE).until(() -> leaf.database().count("t") == 20);
    assertThat(leaf.database().count("pgq_node.tick_part")).isZero();
    assertThat(leaf.database().value("select cur_error from pgq_node.local_state")).isNull();
  }

  @Test
  void a_provider_without_the_tick_is_refused() {
    storePart(firstTick - 1);
    leaf.start();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(leaf.database().value("select cur_error from pgq_node.local_state"))
                    .startsWith(
                        "tick %d is applied in parts, so far up to event ".formatted(firstTick - 1))
                    .contains("but provider 'root' offers a batch that ends at tick " + firstTick)
                    .contains("HINT:  change the provider back"));
    assertThat(leaf.database().count("t")).isEqualTo(5);
  }
}
