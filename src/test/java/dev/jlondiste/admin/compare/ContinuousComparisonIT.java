package dev.jlondiste.admin.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code verify = continuous}. */
class ContinuousComparisonIT {
  private static final String TABLES =
      """
      create table large (id int primary key, t text);
      create table hot (id int primary key, n int);
      create table heap (t text not null unique);
      """;

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void cascade() {
    root = node("root", "13");
    leaf = node("leaf", Servers.NEWEST, "verify = continuous", "verify_rate = 1000000");
    root.database()
        .execute(
            """
            insert into large select i, 'text ' || i from generate_series(1, 25000) i;
            insert into hot values (1, 0), (2, 0);
            """);
    root.createRoot();
    root.addTables(List.of("large", "hot"));
    root.command("add-table", "heap", "--trigger-arg=pkey=t");
    ticker = new TestTicker(root.database());
    root.start();
    leaf.createBelow(NodeType.LEAF, root);
  }

  private TestNode node(String name, String major, String... settings) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(TABLES);
    return new TestNode(name, database, directory, settings);
  }

  private void startLeaf() {
    leaf.start();
    leaf.addTables(List.of("large", "hot"));
    leaf.command("add-table", "heap", "--trigger-arg=pkey=t");
    Eventually.inSync(leaf);
  }

  @AfterEach
  void close() {
    ticker.close();
    leaf.close();
    root.close();
  }

  @Test
  void differences_are_shown_until_they_are_mended() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(ended));
    try {
      startLeaf();
      awaitResults("t", "t");
      assertThat(leaf.command("status").out()).doesNotContain("ERR");
      leaf.database().executeAsReplica("update large set t = t || ' ' where id = 20000");
      compareAgain();
      awaitResults("t", "f");
      assertThat(leaf.command("status").out()).contains("ERR: public.large: differed");
      assertThat(CommandLine.run(leaf, "status", "--check").log())
          .contains("table public.large: differed from that of node 'root' when last compared");
      assertThat(leaf.command("status", "--json").out()).contains("\"equal\" : false");
      leaf.command("repair", "large", "--apply");
      awaitResults("t", "t");
      assertThat(leaf.command("status").out()).doesNotContain("ERR");
    } finally {
      ended.set(true);
      writer.join();
    }
  }

  private void write(AtomicBoolean ended) {
    try (Connection db = root.database().connect();
        Statement statement = db.createStatement()) {
      while (!ended.get()) {
        statement.execute("update hot set n = n + 1");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As if all tables had been compared long ago. */
  private void compareAgain() {
    leaf.database()
        .execute("update londiste.compare_result set compared = now() - interval '1 hour'");
  }

  /** Waits until both tables were compared a short while ago, and returned this. */
  private void awaitResults(String hot, String large) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                leaf.database()
                    .column(
                        """
                        select is_equal::text from londiste.compare_result
                         where compared > now() - interval '30 minutes'
                         order by table_name
                        """)
                    .equals(
                        List.of(
                            hot.equals("t") ? "true" : "false",
                            large.equals("t") ? "true" : "false")));
  }

  @Test
  void pauses_keep_the_rate_and_a_worker_that_lags_is_waited_for() throws Exception {
    startLeaf();
    leaf.stop();
    leaf.database().execute("delete from londiste.compare_result");
    leaf.database().execute("delete from londiste.table_info where table_name = 'public.hot'");
    TestNode slow =
        new TestNode(
            "leaf", leaf.database(), directory, "verify = continuous", "verify_rate = 100");
    ContinuousComparison comparison =
        new ContinuousComparison(slow::settings, new Meters(), Clock.systemUTC());
    try {
      root.database().execute("insert into large values (0, 'new')");
      comparison.runOnce();
      assertThat(comparison.pause()).isLessThan(Duration.ofSeconds(10));
      leaf.start();
      for (int rows : List.of(10_000, 10_000, 5_001)) {
        Duration ofRate = Duration.ofMillis(rows * 10L);
        await()
            .until(
                () -> {
                  comparison.runOnce();
                  return comparison.pause().compareTo(Duration.ofSeconds(10)) > 0;
                });
        assertThat(comparison.pause()).isBetween(ofRate, ofRate.plusSeconds(5));
      }
      comparison.runOnce();
      assertThat(leaf.database().column("select is_equal::text from londiste.compare_result"))
          .containsExactly("true");
    } finally {
      comparison.close();
    }
  }
}
