package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flow 10: two sources are merged into a combined queue with a root on one target database and a
 * branch on another one. The root moves there and back while applications write to the sources.
 */
class CombinedQueueIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String TABLE = "create table mydata (id int primary key, v int, t text)";
  private static final String DIGEST =
      "select count(*) || ' rows, ' || coalesce(sum(('x' || substr(md5(m::text), 1, 12))::bit(48)"
          + "::bigint), 0) from mydata m where id / 1000000 = ";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private final List<TestNode> nodes = new ArrayList<>();
  private final List<AutoCloseable> running = new ArrayList<>();
  private final List<TestDatabase> sources = new ArrayList<>();
  private final List<TestDatabase> targets = new ArrayList<>();

  @BeforeEach
  void combined_queue() throws Exception {
    targets.add(database("15"));
    targets.add(database("17"));
    node("t1", targets.get(0), "targetq", "");
    node("t2", targets.get(1), "targetq", "");
    create("t1", "root", null, "");
    create("t2", "branch", targets.get(0), "");
    for (int number = 1; number <= 2; number++) {
      TestDatabase source = database("16");
      sources.add(source);
      String queue = "sourceq" + number;
      node("s" + number, source, queue, "");
      create("s" + number, "root", null, "");
      source.execute(
          "insert into mydata select "
              + number
              + "000000 + i, 0, '' from generate_series(1, 300) i");
      named("s" + number).command("add-table", "mydata");
      for (int target = 1; target <= 2; target++) {
        String leaf = "l" + target + "_" + number;
        // One of the leaves reads several ticks at a time.
        node(
            leaf,
            targets.get(target - 1),
            queue,
            number == 2
                ? "pgq_batch_collect_events = 40\npgq_batch_collect_interval = 1 second"
                : "");
        create(leaf, "leaf", source, "--merge=targetq");
      }
    }
    for (TestDatabase database : databases()) {
      database.execute(
          "select pgq.set_queue_config(queue_name, 'ticker_max_lag', '100 milliseconds')"
              + " from pgq.queue;"
              + " select pgq.set_queue_config(queue_name, 'ticker_idle_period', '1 second')"
              + " from pgq.queue");
      running.add(new TestTicker(database));
    }
    nodes.forEach(TestNode::start);
  }

  private List<TestDatabase> databases() {
    List<TestDatabase> all = new ArrayList<>(sources);
    all.addAll(targets);
    return all;
  }

  private static TestDatabase database(String major) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute(TABLE);
    return database;
  }

  private void node(String name, TestDatabase database, String queue, String more) {
    nodes.add(new TestNode(name, database, directory, "queue_name = " + queue, more));
  }

  private void create(String name, String type, @Nullable TestDatabase provider, String merge) {
    TestNode node = named(name);
    List<String> words =
        new ArrayList<>(List.of("create-" + type, name, node.database().connectString()));
    if (provider != null) {
      words.add("--provider=" + provider.connectString());
    }
    if (!merge.isEmpty()) {
      words.add(merge);
    }
    node.command(words.toArray(String[]::new));
  }

  private TestNode named(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : running) {
      one.close();
    }
    nodes.forEach(TestNode::stop);
    nodes.forEach(TestNode::close);
  }

  private static void awaitValue(TestDatabase database, String sql, String value) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> assertThat(database.value(sql)).as(database + ": " + sql).isEqualTo(value));
  }

  private void awaitEqual() {
    for (TestDatabase target : targets) {
      for (int number = 1; number <= 2; number++) {
        String sql = DIGEST + number;
        awaitValue(target, sql, String.valueOf(sources.get(number - 1).value(sql)));
      }
    }
  }

  /** All lines; workers in one process share a log file. */
  private String log() throws IOException {
    StringBuilder all = new StringBuilder();
    for (TestNode node : nodes) {
      all.append(Files.readString(directory.resolve(node.name() + ".log")));
    }
    return all.toString();
  }

  /** Errors and warnings, except those of the way in which the test has created the nodes. */
  private String complaints() throws IOException {
    return log()
        .lines()
        .filter(line -> line.contains(" ERROR ") || line.contains(" WARNING "))
        .filter(line -> !line.contains("loopback") && !line.contains("table not replicated"))
        .collect(Collectors.joining("\n"));
  }

  private void addTables() {
    for (int target = 1; target <= 2; target++) {
      named("l" + target + "_1").command("add-table", "mydata", "--merge-all");
      for (String node : List.of("l" + target + "_1", "l" + target + "_2", "t" + target)) {
        named(node).command("wait-sync");
      }
    }
  }

  @Test
  void the_root_moves_there_and_back_under_load() throws Exception {
    addTables();
    awaitEqual();
    Writers writers = new Writers(sources);
    running.add(writers);
    for (int i = 0; i < 2; i++) {
      named("t2").command("takeover", "t1");
      writers.awaitSome();
      named("t1").command("takeover", "t2");
      writers.awaitSome();
    }
    writers.close();
    awaitEqual();
    assertThat(complaints()).isEmpty();
    assertThat(targets.get(0).value("select count(*) from pgq_node.local_state where paused"))
        .isEqualTo("0");
  }

  @Test
  void a_leaf_whose_worker_was_stopped_behind_the_queue_continues() throws Exception {
    addTables();
    Writers writers = new Writers(sources);
    running.add(writers);
    for (String leaf : List.of("l2_1", "l2_2")) {
      named(leaf).stop();
    }
    writers.awaitSome();
    named("t2").command("takeover", "t1");
    writers.awaitSome();
    for (String leaf : List.of("l2_1", "l2_2")) {
      named(leaf).start();
    }
    writers.awaitSome();
    named("t1").command("takeover", "t2");
    // On the side that feeds the queue the command waits for the worker.
    named("l1_2").stop();
    Thread later =
        new Thread(
            () -> {
              LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
              named("l1_2").start();
            });
    later.start();
    named("t2").command("takeover", "t1");
    later.join();
    writers.awaitSome();
    writers.close();
    awaitEqual();
    assertThat(complaints()).isEmpty();
  }

  @Test
  void a_queue_that_would_lose_rows_prevents_the_takeover() throws Exception {
    addTables();
    targets
        .get(1)
        .execute(
            "update londiste.table_info set local = false, merge_state = null"
                + " where queue_name = 'sourceq2'");
    CommandLine.Outcome refused = CommandLine.run(named("t2"), "takeover", "t1");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.log())
        .contains(
            "table public.mydata of queue sourceq2 is merged on node 't1', but not on node 't2'");
    assertThat(CommandLine.run(named("l2_1"), "resync", "mydata").log())
        .contains("the rows of this node arrive through queue targetq");
    awaitValue(
        targets.get(0),
        "select node_type from pgq_node.node_info where queue_name = 'targetq'",
        "root");
  }

  @Test
  void no_queue_is_left_out_beside_a_combined_branch() throws Exception {
    // Londiste leaves out the queues whose tables the leaf does not know yet.
    targets.get(1).execute("delete from londiste.table_info where queue_name = 'sourceq2'");
    addTables();
    assertThat(
            targets
                .get(1)
                .value(
                    "select string_agg(queue_name || ' ' || local, ', ' order by queue_name)"
                        + " from londiste.table_info"))
        .isEqualTo("sourceq1 true, sourceq2 true, targetq true");
    sources.get(1).execute("insert into mydata values (2999999, 1, 'new')");
    named("t2").command("takeover", "t1");
    sources.get(1).execute("insert into mydata values (2999998, 1, 'newer')");
    awaitEqual();
  }

  @Test
  void the_branch_copies_the_table_when_all_queues_are_in_it() throws Exception {
    named("l1_2").stop();
    named("l1_1").command("add-table", "mydata", "--merge-all");
    awaitValue(
        targets.get(1),
        "select count(*) from londiste.table_info where queue_name = 'targetq'",
        "1");
    named("l2_1").command("add-table", "mydata", "--merge-all");
    await()
        .atMost(PATIENCE)
        .until(() -> log().contains("waiting: it is being copied there from queue sourceq"));
    named("l1_2").start();
    awaitEqual();
  }

  /** Applications that write to the sources, each to its own keys. */
  private static final class Writers implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong written = new AtomicLong();
    private volatile boolean stop;

    Writers(List<TestDatabase> sources) {
      for (int i = 0; i < sources.size(); i++) {
        TestDatabase source = sources.get(i);
        int base = (i + 1) * 1_000_000;
        Thread thread = new Thread(() -> write(source, base), "writer " + i);
        threads.add(thread);
        thread.start();
      }
    }

    private void write(TestDatabase source, int base) {
      Random random = new Random(base);
      try (Connection db = source.connect();
          Statement statement = db.createStatement()) {
        for (int next = 1000; !stop; next++) {
          int old = base + 1 + random.nextInt(next);
          statement.execute("insert into mydata values (" + (base + next) + ", 0, 'load')");
          statement.execute("update mydata set v = v + 1, t = t || 'x' where id = " + old);
          if (next % 5 == 0) {
            statement.execute("delete from mydata where id = " + (old + 1));
          }
          written.incrementAndGet();
          LockSupport.parkNanos(3_000_000);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    void awaitSome() {
      long before = written.get();
      await().atMost(PATIENCE).until(() -> written.get() > before + 300);
    }

    @Override
    public void close() throws InterruptedException {
      stop = true;
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }
}
