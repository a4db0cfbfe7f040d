package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two queues are merged into one table. The worker of one leaf is ours, that of the other is
 * Londiste's; they coordinate their copies through the database.
 */
class MergedCopyIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private final List<TestNode> nodes = new ArrayList<>();
  private final List<AutoCloseable> running = new ArrayList<>();

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : running) {
      one.close();
    }
    nodes.forEach(ReferenceProgram::endCopies);
    nodes.forEach(TestNode::stop);
    nodes.forEach(TestNode::close);
  }

  private TestNode node(String name, TestDatabase database, int queue) {
    TestNode node = new TestNode(name, database, directory, "queue_name = part" + queue);
    nodes.add(node);
    return node;
  }

  /** {@code ours} is the queue whose leaf is served by our worker: the first one leads the copy. */
  @ParameterizedTest
  @CsvSource({"OURS, 1", "REFERENCE, 2"})
  @WholeMatrix({"OURS, 2", "REFERENCE, 1"})
  void both_workers_copy_into_one_table(Maker code, int ours) throws Exception {
    TestDatabase target =
        code == Maker.OURS ? Servers.shared("15").createDatabase() : Reference.createDatabase();
    target.execute(
        "create table mydata (id int primary key, t text); create index on mydata (t);"
            + " insert into mydata values (1, 'old')");
    List<TestDatabase> sources = new ArrayList<>();
    TestNode[] leaves = new TestNode[3];
    for (int number = 1; number <= 2; number++) {
      TestDatabase source = Servers.shared("14").createDatabase();
      sources.add(source);
      source.execute(
          "create table mydata (id int primary key, t text);"
              + " insert into mydata select %d000000 + i, 'row' from generate_series(1, 3000) i"
                  .formatted(number));
      TestNode root = node("root" + number, source, number);
      root.command("create-root", root.name(), source.connectString());
      root.command("add-table", "mydata");
      source.execute(
          "select pgq.set_queue_config(queue_name, 'ticker_max_lag', '300 milliseconds')"
              + " from pgq.queue;"
              + " select pgq.set_queue_config(queue_name, 'ticker_idle_period', '1 second')"
              + " from pgq.queue");
      running.add(new TestTicker(source));
      leaves[number] = node("leaf" + number, target, number);
      leaves[number].command(
          "create-leaf",
          leaves[number].name(),
          target.connectString(),
          "--provider=" + source.connectString());
    }
    leaves[ours].command("add-table", "mydata", "--merge-all");
    leaves[ours].start();
    running.add(ReferenceProgram.worker(leaves[3 - ours]));
    for (int i = 0; i < 20; i++) {
      sources.get(0).execute("insert into mydata values (1900000 + " + i + ", 'during')");
      sources.get(1).execute("update mydata set t = 'changed' where id = 2000010 + " + i);
    }
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(300))
        .untilAsserted(
            () ->
                assertThat(
                        target.value(
                            "select string_agg(queue_name || ' ' || coalesce(merge_state,"
                                + " 'missing'), ', ' order by queue_name)"
                                + " from londiste.table_info"))
                    .isEqualTo("part1 ok, part2 ok"));
    for (int i = 0; i < 2; i++) {
      sources.get(i).execute("insert into mydata values (" + (i + 1) + "999999, 'after')");
      String digest =
          "select count(*) || ' ' || sum(hashtext(m::text)) from mydata m where id / 1000000 = "
              + (i + 1);
      TestDatabase source = sources.get(i);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(target.value(digest)).isEqualTo(source.value(digest)));
    }
    assertThat(target.count("mydata")).isEqualTo(6000 + 20 + 2);
    assertThat(target.count("pg_index where indrelid = 'mydata'::regclass")).isEqualTo(2);
  }
}
