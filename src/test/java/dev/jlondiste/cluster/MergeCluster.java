package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Source databases with a queue each, and leaves of all these queues in one target database, where
 * their tables {@code mydata} are merged. Keys tell the source of a row.
 */
final class MergeCluster implements AutoCloseable {
  static final int KEYS = 10_000_000;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TABLE =
      """
      create table mydata (id int primary key, source int not null, t text);
      create index on mydata (source);
      """;
  private static final String DIGEST =
      "select count(*) || ' rows, ' || coalesce(sum(('x' || substr(md5(m::text), 1, 12))::bit(48)"
          + "::bigint), 0) from mydata m where source = ";

  private final Path directory;
  private final TestDatabase target;
  private final List<TestNode> sources = new ArrayList<>();
  private final List<TestNode> leaves = new ArrayList<>();
  private final List<TestTicker> tickers = new ArrayList<>();

  MergeCluster(Path directory, String major) {
    this.directory = directory;
    this.target = Servers.shared(major).createDatabase();
    target.execute(TABLE);
  }

  /** Adds a source with rows, which has the table attached, and its leaf. */
  void add(TestDatabase database, int rows, String... settings) {
    int number = sources.size() + 1;
    database.execute(TABLE);
    String queue = "queue_name = part" + number;
    TestNode source = new TestNode("source" + number, database, directory, queue);
    source.command("create-root", source.name(), database.connectString());
    database.execute(
        "select pgq.set_queue_config(queue_name, 'ticker_max_lag', '100 milliseconds')"
            + " from pgq.queue;"
            + " select pgq.set_queue_config(queue_name, 'ticker_idle_period', '1 second')"
            + " from pgq.queue");
    sources.add(source);
    tickers.add(new TestTicker(database));
    List<String> all = new ArrayList<>(List.of(settings));
    all.add(queue);
    TestNode leaf = new TestNode("leaf" + number, target, directory, all.toArray(String[]::new));
    leaf.command(
        "create-leaf",
        leaf.name(),
        target.connectString(),
        "--provider=" + database.connectString());
    leaves.add(leaf);
    write(number, 1, rows);
    source.command("add-table", "mydata");
  }

  void write(int source, int from, int to) {
    source(source)
        .database()
        .execute(
            "insert into mydata select %d + i, %d, 'row ' || i from generate_series(%d, %d) i"
                .formatted(source * KEYS, source, from, to));
  }

  TestNode source(int number) {
    return sources.get(number - 1);
  }

  TestNode leaf(int number) {
    return leaves.get(number - 1);
  }

  List<TestNode> leaves() {
    return leaves;
  }

  int size() {
    return leaves.size();
  }

  TestDatabase target() {
    return target;
  }

  /** Per queue in the order of their names: its state, and a word if it has dropped structure. */
  String states() {
    return String.valueOf(
        target.value(
            "select string_agg(case when local then coalesce(merge_state, 'missing') else 'far' end"
                + " || case when dropped_ddl is null then '' else ' (dropped)' end, ', '"
                + " order by queue_name) from londiste.table_info"));
  }

  void awaitStates(String states) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(states()).isEqualTo(states));
  }

  /** All parts are in sync, have the rows of their source once, and the table has its structure. */
  void awaitEqual() {
    awaitStates(String.join(", ", leaves.stream().map(leaf -> "ok").toList()));
    for (int number = 1; number <= sources.size(); number++) {
      awaitEqual(number);
    }
    assertThat(target.count("mydata"))
        .isEqualTo(sources.stream().mapToLong(s -> s.database().count("mydata")).sum());
    assertThat(indexes()).isEqualTo(2);
    for (TestNode source : sources) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          source
                              .database()
                              .column(
                                  "select co_name from pgq.consumer where co_name like '%.copy.%'"))
                      .isEmpty());
    }
  }

  void awaitEqual(int number) {
    TestDatabase source = source(number).database();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                assertThat(target.value(DIGEST + number)).isEqualTo(source.value(DIGEST + number)));
  }

  long indexes() {
    return target.count("pg_index where indrelid = 'mydata'::regclass");
  }

  @Override
  public void close() {
    leaves.forEach(TestNode::stop);
    sources.forEach(TestNode::stop);
    tickers.forEach(TestTicker::close);
    leaves.forEach(TestNode::close);
    sources.forEach(TestNode::close);
  }
}
