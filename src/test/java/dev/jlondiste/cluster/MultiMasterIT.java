package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two roots feed one table with handler {@code multimaster}. */
class MultiMasterIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TABLE = "create table t (id int primary key, changed int, v text)";
  private static final int IDS = 30;

  @TempDir private Path directory;

  private final List<TestNode> roots = new ArrayList<>();
  private final List<TestNode> leaves = new ArrayList<>();

  private void addQueue(int number, TestDatabase target) {
    TestDatabase database = Servers.shared("15").createDatabase();
    database.execute(TABLE);
    String queue = "queue_name = q" + number;
    TestNode root = new TestNode("root" + number, database, directory, queue);
    root.command("create-root", root.name(), database.connectString());
    root.command("add-table", "t");
    database.execute("insert into t values (%d, 0, 'old')".formatted(100 + number));
    roots.add(root);
    TestNode leaf = new TestNode("leaf" + number, target, directory, queue);
    leaf.command(
        "create-leaf",
        leaf.name(),
        target.connectString(),
        "--provider=" + database.connectString());
    leaves.add(leaf);
  }

  private static void addTable(TestNode leaf, String... options) {
    List<String> words =
        new ArrayList<>(
            List.of("add-table", "t", "--handler=multimaster", "--handler-arg=timefield=changed"));
    words.addAll(List.of(options));
    leaf.command(words.toArray(String[]::new));
  }

  /** Each root has rows of all ids; every change has a time of its own. */
  private void write(Random random, Map<Integer, String> latest) {
    for (int time = 1; time <= 200; time++) {
      int id = random.nextInt(IDS);
      int root = random.nextInt(2);
      String row = "(%d, %d, 'of %d')".formatted(id, time, root);
      roots
          .get(root)
          .database()
          .execute(
              "insert into t values "
                  + row
                  + " on conflict (id) do update set changed = excluded.changed, v = excluded.v");
      latest.put(id, "(%d,%d,\"of %d\")".formatted(id, time, root));
    }
  }

  /** A copy of both sources would have the rows of each. */
  private void resync_is_refused(TestDatabase target) {
    for (TestNode leaf : leaves) {
      CommandLine.Outcome refused = CommandLine.run(leaf, "resync", "t");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.log())
          .contains(
              "table public.t has handler 'multimaster' and the rows of several queues (q0, q1)")
          .contains("with --expect-sync");
    }
    assertThat(target.column("select distinct merge_state from londiste.table_info"))
        .containsExactly("ok");
  }

  @Test
  void the_latest_change_of_each_row_stays() {
    TestDatabase target = Servers.shared("18").createDatabase();
    target.execute(TABLE);
    addQueue(0, target);
    addQueue(1, target);
    TreeMap<Integer, String> latest = new TreeMap<>();
    try (TestTicker first = new TestTicker(roots.get(0).database());
        TestTicker second = new TestTicker(roots.get(1).database())) {
      leaves.get(0).start();
      addTable(leaves.get(0));
      Eventually.inSync(leaves.get(0));
      CommandLine.Outcome refused =
          CommandLine.run(
              leaves.get(1),
              "add-table",
              "t",
              "--handler=multimaster",
              "--handler-arg=timefield=changed");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.log()).contains("queue q0 feeds public.t", "--expect-sync");
      CommandLine.Outcome merged =
          CommandLine.run(
              leaves.get(1),
              "add-table",
              "t",
              "--merge-all",
              "--handler=multimaster",
              "--handler-arg=timefield=changed");
      assertThat(merged.log()).contains("ERROR --merge-all: handler 'multimaster'");
      addTable(leaves.get(1), "--expect-sync");
      resync_is_refused(target);
      // One queue arrives as a whole before the other begins.
      write(new Random(1), latest);
      await().atMost(PATIENCE).until(() -> target.count("t") > IDS / 2);
      leaves.get(1).start();
      latest.put(100, "(100,0,old)");
      latest.put(101, "(101,0,old)");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(target.column("select t::text from t order by id"))
                      .containsExactlyElementsOf(latest.values()));
      assertThat(target.count("londiste.table_info")).isEqualTo(2);
    } finally {
      leaves.forEach(TestNode::stop);
      roots.forEach(TestNode::close);
      leaves.get(0).close();
    }
  }
}
