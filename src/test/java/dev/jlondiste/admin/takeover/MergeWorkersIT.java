package dev.jlondiste.admin.takeover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two sources are merged into a combined queue, whose root is to move to another database. */
class MergeWorkersIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String POSITIONS =
      "select string_agg(queue_name || ' ' || last_tick_id || ' ' || paused, ', ' order by queue_name)"
          + " from pgq_node.local_state where queue_name <> 'targetq'";

  @TempDir private Path directory;
  private final List<TestNode> nodes = new ArrayList<>();
  private final List<TestTicker> tickers = new ArrayList<>();
  private TestDatabase source1;
  private TestDatabase source2;
  private TestDatabase target1;
  private TestDatabase target2;
  private TestNode root;
  private TestNode branch;

  @BeforeEach
  void combined_queue_with_a_branch() {
    source1 = database("15");
    source2 = database("15");
    target1 = database("15");
    target2 = database("17");
    root = node("t1", target1, "targetq");
    branch = node("t2", target2, "targetq");
    root.command("create-root", "t1", target1.connectString());
    branch.command(
        "create-branch", "t2", target2.connectString(), "--provider=" + target1.connectString());
    source("1", source1);
    source("2", source2);
    for (TestDatabase database : List.of(source1, source2, target1)) {
      database.execute(
          "select pgq.set_queue_config(queue_name, 'ticker_max_lag', '100 milliseconds')"
              + " from pgq.queue;"
              + " select pgq.set_queue_config(queue_name, 'ticker_idle_period', '1 second')"
              + " from pgq.queue");
      tickers.add(new TestTicker(database));
    }
  }

  private TestDatabase database(String major) {
    TestDatabase database = Servers.shared(major).createDatabase();
    database.execute("create table mydata (id int primary key, t text)");
    return database;
  }

  private TestNode node(String name, TestDatabase database, String queue) {
    TestNode node = new TestNode(name, database, directory, "queue_name = " + queue);
    nodes.add(node);
    return node;
  }

  private void source(String number, TestDatabase database) {
    String queue = "sourceq" + number;
    TestNode source = node("s" + number, database, queue);
    source.command("create-root", "s" + number, database.connectString());
    source.command("add-table", "mydata");
    leaf("l1_" + number, target1, queue, database);
    if (!number.equals("3")) {
      leaf("l2_" + number, target2, queue, database);
    }
  }

  private void leaf(String name, TestDatabase target, String queue, TestDatabase source) {
    node(name, target, queue)
        .command(
            "create-leaf",
            name,
            target.connectString(),
            "--provider=" + source.connectString(),
            "--merge=targetq");
  }

  @AfterEach
  void close() {
    nodes.forEach(TestNode::stop);
    tickers.forEach(TestTicker::close);
    nodes.forEach(TestNode::close);
  }

  private TestNode named(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  private void replicate() {
    nodes.forEach(TestNode::start);
    root.command("add-table", "mydata", "--expect-sync");
    awaitValue(
        branch.database(),
        "select count(*) from londiste.table_info where queue_name = 'targetq'",
        "1");
    branch.command("add-table", "mydata");
    named("l1_1").command("add-table", "mydata", "--merge-all", "--expect-sync");
    named("l2_1").command("add-table", "mydata", "--merge-all", "--expect-sync");
    for (TestDatabase database : List.of(target1, target2)) {
      awaitValue(
          database,
          "select string_agg(coalesce(merge_state, 'missing'), ' ') from londiste.table_info",
          "ok ok ok");
    }
  }

  private static void awaitValue(TestDatabase database, String sql, String value) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(database.value(sql)).as(database + ": " + sql).isEqualTo(value));
  }

  private static void write(TestDatabase source, int from, int to) {
    source.execute(
        "insert into mydata select i, 'row ' || i from generate_series(" + from + "," + to + ") i");
  }

  @Test
  void the_new_side_gets_the_exact_positions_of_the_paused_old_side() throws Exception {
    replicate();
    write(source1, 1, 20);
    write(source2, 101, 120);
    awaitValue(target1, "select count(*) from mydata", "40");
    awaitValue(target2, "select count(*) from mydata", "40");
    try (Cascade cascade = new Cascade(branch.settings(), Set.of())) {
      MergeWorkers merge = MergeWorkers.of(cascade, "t1", "t2");
      for (int i = 0; i < 2; i++) { // as a command that is repeated
        write(source1, 1000 + i, 1000 + i);
        merge.pause(Deadline.in(PATIENCE));
        String there = String.valueOf(target1.value(POSITIONS));
        assertThat(there).contains("true").doesNotContain("false");
        assertThat(target2.value(POSITIONS)).isEqualTo(there.replace("true", "false"));
      }
      merge.resume();
      assertThat(target1.value(POSITIONS)).contains("false").doesNotContain("true");
    }
    write(source1, 21, 30);
    awaitValue(target2, "select count(*) from mydata", "52");
  }

  @Test
  void a_worker_that_does_not_answer_leaves_all_running() throws Exception {
    replicate();
    named("l1_2").stop();
    try (Cascade cascade = new Cascade(branch.settings(), Set.of())) {
      MergeWorkers merge = MergeWorkers.of(cascade, "t1", "t2");
      assertThatThrownBy(() -> merge.pause(Deadline.in(Duration.ofSeconds(2))))
          .hasMessageContaining("merge worker 'l1_2' of queue 'sourceq2' on node 't1'");
    }
    assertThat(target1.value(POSITIONS)).doesNotContain("true");
  }

  @Test
  void different_queues_on_both_sides_are_refused() throws Exception {
    source("3", database("15"));
    try (Cascade cascade = new Cascade(branch.settings(), Set.of())) {
      assertThatThrownBy(() -> MergeWorkers.of(cascade, "t1", "t2"))
          .hasMessage(
              "Inconsistent targets: node 't1' merges [sourceq1, sourceq2, sourceq3],"
                  + " node 't2' merges [sourceq1, sourceq2]");
    }
  }
}
