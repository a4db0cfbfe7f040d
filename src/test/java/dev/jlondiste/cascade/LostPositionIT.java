package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two databases whose positions have diverged, and the commands that the worker's error suggests.
 */
class LostPositionIT {
  private static final String ERROR = "select cur_error from pgq_node.local_state";

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init") // each test begins with cascade()
  private TestNode root;

  @SuppressWarnings("NullAway.Init") // as above
  private TestNode leaf;

  private void cascade(String source, String target) {
    root = new TestNode("root", Servers.shared(source).createDatabase(), directory);
    leaf = new TestNode("leaf", Servers.shared(target).createDatabase(), directory);
    root.createRoot();
    for (TestNode node : new TestNode[] {root, leaf}) {
      node.database().execute("create table t (id int primary key, v text)");
    }
    leaf.createBelow(NodeType.LEAF, root);
    root.addTables(List.of("t"));
    leaf.command("add-table", "t", "--expect-sync");
  }

  @AfterEach
  void close() {
    leaf.close();
    root.close();
  }

  /** Inserts a row and creates the tick that includes it; no ticker runs. */
  private void insert(int id) {
    root.database().execute("insert into t values (" + id + ", 'x')");
    tick();
  }

  private void tick() {
    root.database().execute("select pgq.force_tick('testq')");
    root.database().execute("select pgq.ticker('testq')");
  }

  private long completed() {
    return leaf.database().number("select last_tick_id from pgq_node.local_state");
  }

  private long newest() {
    return root.database().number("select max(tick_id) from pgq.tick");
  }

  private void awaitAll() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                completed() == newest()
                    && root.database()
                            .number("select last_tick from pgq.get_consumer_info('testq', 'leaf')")
                        == newest());
  }

  private void awaitError(String... texts) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(leaf.database().value(ERROR)).isNotNull().contains(texts));
  }

  /**
   * Restores an older state under the same name and location, as an operator does after a disk
   * failure.
   */
  private static void restore(TestDatabase database, TestDatabase backup) throws SQLException {
    database.close();
    try (Connection db = DriverManager.getConnection(database.server().jdbcUrl("postgres"));
        Statement statement = db.createStatement()) {
      statement.execute("alter database " + backup.name() + " rename to " + database.name());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void a_provider_that_was_restored_has_its_leaf_copied_again(String major) throws Exception {
    cascade(major, "18");
    leaf.start();
    insert(1);
    awaitAll();
    leaf.stop();
    TestDatabase backup = root.database().server().createDatabaseLike(root.database());
    leaf.start();
    for (int id = 2; id <= 5; id++) {
      insert(id);
      awaitAll();
    }
    leaf.stop();
    long ahead = completed();
    restore(root.database(), backup);
    long common = newest();

    insert(100);
    leaf.start();
    String missing =
        "tick %d is not on the provider, whose newest is %d: it was restored from a backup, or lost its last transactions in a crash; the last tick that both are known to have is %d"
            .formatted(ahead, newest(), common);
    String remedy = "stop the worker, 'worker --reset', 'resync --all', start the worker";
    awaitError(
        "Lost position: batch " + common + ".." + newest() + ", dst has " + ahead, missing, remedy);
    assertThat(CommandLine.run(leaf, "status").out()).contains("Lost position: batch");
    leaf.stop();

    Outcome rewind = CommandLine.run(leaf, "worker", "--rewind");
    assertThat(rewind.code()).isEqualTo(1);
    assertThat(rewind.log())
        .contains("ERROR cannot rewind: " + missing + "\nHINT:  instead: " + remedy);
    Outcome reset = leaf.command("worker", "--reset");
    assertThat(reset.log())
        .contains(
            "INFO Completed tick here set from "
                + ahead
                + " to "
                + common
                + ", where root continues")
        .contains(
            "WARNING Changes of ticks "
                + (common + 1)
                + " to "
                + ahead
                + ", which root has lost, are still in the tables here and stay there: 'resync --all'");
    leaf.command("resync", "--all");
    leaf.start();
    try (TestTicker ticker = new TestTicker(root.database())) {
      Eventually.inSync(leaf);
      assertThat(leaf.database().column("select id from t order by 1")).containsExactly("1", "100");
      insert(101);
      await().atMost(PATIENCE).until(() -> leaf.database().count("t") == 3);
      assertThat(leaf.database().value(ERROR)).isNull();
    }
  }

  @Test
  void a_leaf_that_was_restored_gets_everything_again_by_rewind() throws Exception {
    cascade("18", "9.6");
    leaf.start();
    insert(1);
    awaitAll();
    leaf.stop();
    TestDatabase backup = leaf.database().server().createDatabaseLike(leaf.database());
    long behind = completed();
    leaf.start();
    insert(2);
    insert(3);
    awaitAll();
    leaf.stop();
    restore(leaf.database(), backup);
    insert(4);
    leaf.start();
    awaitError("dst has " + behind, "this database is behind", "'worker --rewind'");
    leaf.stop();
    assertThat(leaf.command("worker", "--rewind").log())
        .containsPattern("INFO Position on root moved from tick \\d+ to tick " + behind + " of ");
    leaf.start();
    await().atMost(PATIENCE).until(() -> leaf.database().count("t") == 4);
  }

  @Test
  void batches_that_the_provider_has_forgotten_are_finished_again() {
    cascade("18", "18");
    leaf.start();
    insert(1);
    awaitAll();
    long before = completed();
    insert(2);
    awaitAll();
    insert(3);
    awaitAll();
    // The state after a crash that lost several finished batches which were not yet on disk.
    root.database().execute("select pgq.register_consumer_at('testq', 'leaf', " + before + ")");
    insert(4);
    await().atMost(PATIENCE).until(() -> leaf.database().count("t") == 4);
    awaitAll();
    assertThat(leaf.database().value(ERROR)).isNull();
  }

  @Test
  void a_tick_that_got_the_number_of_a_lost_one_is_not_taken_for_it() {
    cascade("18", "18");
    leaf.start();
    insert(1);
    awaitAll();
    root.database()
        .execute(
            "update pgq.tick set tick_time = tick_time + interval '1 second' where tick_id = "
                + completed());
    insert(2);
    awaitError("Lost position", "another tick", "'resync --all'");
    assertThat(leaf.database().count("t")).isEqualTo(1);
  }
}
