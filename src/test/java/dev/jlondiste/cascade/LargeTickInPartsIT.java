package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.cluster.WorkerProcess;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A transaction that needs more locks than the server of a branch has: it is applied in parts, and
 * every row once, whatever happens between them.
 */
class LargeTickInPartsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int ROWS = 2000;
  private static final int KILLS = 2;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void every_row_arrives_once(String major) {
    try (TestServer small =
            Servers.start(major, "max_locks_per_transaction = 10", "max_connections = 30");
        TestNode root = new TestNode("root", Servers.shared(major).createDatabase(), directory);
        TestNode branch = new TestNode("branch", small.createDatabase(), directory);
        TestNode leaf = new TestNode("leaf", Servers.shared(major).createDatabase(), directory)) {
      List<TestNode> nodes = List.of(root, branch, leaf);
      nodes.forEach(node -> node.database().execute("create table t (id int primary key, v int)"));
      root.createRoot();
      root.command("add-table", "--capture=auto", "t");
      try (TestTicker ticker = new TestTicker(root.database());
          TestTicker ticks = new TestTicker(branch.database())) {
        branch.createBelow(NodeType.BRANCH, root);
        branch.addTables(List.of("t"));
        branch.start();
        Eventually.inSync(branch);
        leaf.createBelow(NodeType.LEAF, branch);
        leaf.addTables(List.of("t"));
        leaf.start();
        Eventually.inSync(leaf);
        branch.stop();
        makeHungry(branch);
        // without its key the table would take a row twice
        leaf.database().execute("alter table t drop constraint t_pkey");
        watchMoves(leaf);
        root.database()
            .execute(
                """
                insert into t select i, 0 from generate_series(1, %1$d) i;
                update t set id = id + %1$d, v = v + 1;
                """
                    .formatted(ROWS));
        for (int kill = 1; kill <= KILLS; kill++) {
          long before = position(branch);
          try (WorkerProcess worker = WorkerProcess.of(branch)) {
            await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .ignoreExceptions() // the worker leaves no lock for new sessions, now and then
                .until(() -> position(branch) > before);
          }
          assertThat(error(branch))
              .contains("out of shared memory")
              .containsPattern("; tick \\d+ is applied in parts, so far up to event \\d+\\)");
        }
        branch.start();
        for (TestNode node : List.of(branch, leaf)) {
          await()
              .atMost(PATIENCE)
              .ignoreExceptionsMatching(IllegalStateException.class::isInstance)
              .untilAsserted(
                  () -> {
                    assertThat(node.database().count("t where v = 1")).isEqualTo(ROWS);
                    assertThat(node.database().count("t")).isEqualTo(ROWS);
                  });
        }
        await().atMost(PATIENCE).ignoreExceptions().until(() -> error(branch).isEmpty());
        assertThat(position(branch)).isZero();
        assertThat(branch.database().number("select count(distinct ev_id) from pgq.event_template"))
            .isEqualTo(branch.database().number("select count(*) from pgq.event_template"));
      }
    }
  }

  /** Each row takes a lock of its own until the end of the transaction. */
  private static void makeHungry(TestNode node) {
    node.database()
        .execute(
            """
            create function lock_row() returns trigger language plpgsql as $$
            begin
              perform pg_advisory_xact_lock(new.id);
              return null;
            end $$;
            create trigger lock_row after insert or update on t
              for each row execute procedure lock_row();
            alter table t enable always trigger lock_row;
            """);
  }

  /**
   * If the table has firing triggers, both events of an update of the key must be in the same part.
   */
  private static void watchMoves(TestNode node) {
    node.database()
        .execute(
            """
            create function look_on() returns trigger language plpgsql as $$
            begin
              return null;
            end $$;
            create trigger look_on after insert or update or delete on t
              for each row execute procedure look_on();
            alter table t enable always trigger look_on;
            """);
  }

  /** The id of the last applied event of the tick; 0 between two ticks. */
  private static long position(TestNode node) {
    return node.database().number("select coalesce(max(last_event_id), 0) from pgq_node.tick_part");
  }

  private static String error(TestNode node) {
    String text =
        node.database()
            .value(
                "select cur_error from pgq_node.local_state where consumer_name = ?", node.name());
    return text == null ? "" : text;
  }
}
