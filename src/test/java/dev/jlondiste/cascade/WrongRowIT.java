package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A row on the leaf is in the way while changes and ticks keep coming. Seen: the batch that failed
 * left the rest of its COPY on the provider's connection, and every later step failed with what it
 * read there, also after the row was gone.
 */
class WrongRowIT {
  private static final int TICKS = 12;

  /**
   * The number of sessions of the initial copy, the worker, its lock, its listener and its check of
   * captures.
   */
  private static final int MAX_CONNECTIONS = 14;

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"9.6, 18", "18, 9.6"})
  @WholeMatrix({"13, 13"})
  void the_cause_is_shown_and_the_node_resumes_when_it_is_gone(String provider, String subscriber) {
    try (TestNode root =
            new TestNode("root", Servers.shared(provider).createDatabase(), directory);
        TestNode leaf =
            new TestNode("leaf", Servers.shared(subscriber).createDatabase(), directory)) {
      for (TestNode node : List.of(root, leaf)) {
        node.database().execute("create table t (id int primary key, v text)");
      }
      root.database().execute("insert into t select g, 'x' from generate_series(1, 1000) g");
      root.createRoot();
      root.addTables(List.of("public.t"));
      try (TestTicker ticker = new TestTicker(root.database())) {
        leaf.createBelow(NodeType.LEAF, root);
        leaf.addTables(List.of("public.t"));
        leaf.start();
        Eventually.inSync(leaf);
        leaf.database().executeAsReplica("insert into t values (5001, 'wrong')");
        root.database().execute("insert into t values (5001, 'right')");
        eventually(() -> assertThat(error(leaf)).contains("duplicate key"));
        for (int i = 0; i < TICKS; i++) {
          long tick = ticks(root);
          root.database().execute("insert into t values (" + (6000 + i) + ", 'x')");
          eventually(() -> assertThat(ticks(root)).isGreaterThan(tick));
          assertThat(error(leaf)).contains("duplicate key");
        }
        assertThat(connections(root.database()) + connections(leaf.database()))
            .as("connections of the daemon on both sides")
            .isLessThanOrEqualTo(MAX_CONNECTIONS);
        leaf.database().executeAsReplica("delete from t where id = 5001");
        eventually(
            () -> assertThat(leaf.database().count("t")).isEqualTo(root.database().count("t")));
        eventually(() -> assertThat(error(leaf)).isNull());
      }
    }
  }

  private static void eventually(ThrowingRunnable fact) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).untilAsserted(fact);
  }

  private static @Nullable String error(TestNode leaf) {
    return leaf.database().value("select cur_error from pgq_node.local_state");
  }

  private static long ticks(TestNode root) {
    return root.database().number("select max(tick_id) from pgq.tick");
  }

  private static long connections(TestDatabase database) {
    return database.count(
        "pg_stat_activity where application_name = 'leaf' and datname = current_database()");
  }
}
