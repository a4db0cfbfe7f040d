package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.cluster.CommandLine.Outcome;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction that has written events stays open during a takeover. */
class LongWriterIT {
  private static final int BUDGET = 4;

  /** A busy machine also delays writers that wait for nothing. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(BUDGET + 10L);

  @TempDir private Path directory;
  private TestNode root;
  private TestNode branch;
  private TestTicker ticker;
  private Connection longWriter;

  @BeforeEach
  void cascade_with_a_long_writer() throws SQLException {
    root = new TestNode("root", Servers.shared("10").createDatabase(), directory);
    branch = new TestNode("branch", Servers.newest().createDatabase(), directory);
    root.createRoot();
    branch.createBelow(NodeType.BRANCH, root);
    ticker = new TestTicker(root.database());
    for (TestNode node : List.of(root, branch)) {
      node.database().execute("create table t (id bigint primary key)");
      node.start();
      node.addTables(List.of("public.t"));
      Eventually.inSync(node);
    }
    longWriter = root.database().connect();
    longWriter.setAutoCommit(false);
    try (Statement statement = longWriter.createStatement()) {
      statement.execute("set application_name = 'nightly report'; insert into t values (-1)");
    }
    await()
        .untilAsserted(
            () ->
                assertThat(
                        root.database()
                            .count(
                                "pg_stat_activity where application_name = 'nightly report' and"
                                    + " xact_start < now() - interval '"
                                    + BUDGET
                                    + " seconds'"))
                    .isEqualTo(1));
  }

  @AfterEach
  void close() throws SQLException {
    longWriter.close();
    ticker.close();
    branch.close();
    root.close();
  }

  @Test
  void the_old_root_stays_open_and_other_writers_hardly_wait() throws Exception {
    try (Writer writer = new Writer(root.database())) {
      Outcome outcome = takeover("--retries=1", "--retry-pause=1s");
      assertThat(outcome.code()).as(outcome.log()).isEqualTo(4);
      assertThat(outcome.log()).contains("nightly report");
      rootIsAsBefore();
      assertThat(writer.refused()).isZero();
      writer.writesAgain();
      System.out.println("LongWriterIT: other writers waited at most " + writer.longest());
      assertThat(writer.longest()).isLessThan(MAX_WAIT);
    }
    longWriter.commit();
    assertThat(takeover().code()).isZero();
    assertThat(branch.database().count("t where id = -1")).isEqualTo(1);
  }

  @Test
  void refused() throws Exception {
    try (Writer writer = new Writer(root.database())) {
      Outcome outcome = takeover("--long-transactions=refuse");
      assertThat(outcome.code()).as(outcome.log()).isEqualTo(4);
      assertThat(outcome.log()).contains("pid ", "user postgres", "nightly report");
      assertThat(writer.refused()).isZero();
      writer.writesAgain();
    }
    rootIsAsBefore();
    longWriter.commit();
  }

  @Test
  void cancelled() {
    Outcome outcome = takeover("--long-transactions=cancel");
    assertThat(outcome.code()).as(outcome.log()).isZero();
    assertThatThrownBy(longWriter::commit).isInstanceOf(SQLException.class);
    assertThat(branch.database().value("select node_type from pgq_node.node_info"))
        .isEqualTo("root");
    branch.database().execute("insert into t values (1)");
    assertThat(branch.database().column("select id from t")).containsExactly("1");
  }

  private Outcome takeover(String... options) {
    String[] words = new String[options.length + 3];
    words[0] = "takeover";
    words[1] = "root";
    words[2] = "--max-pause=" + BUDGET + "s";
    System.arraycopy(options, 0, words, 3, options.length);
    return CommandLine.run(branch, words);
  }

  private void rootIsAsBefore() {
    assertThat(
            root.database()
                .rows("select queue_disable_insert, queue_external_ticker from pgq.queue"))
        .containsExactly(List.of("f", "f"));
    for (TestNode node : List.of(root, branch)) {
      assertThat(node.database().value("select paused from pgq_node.local_state")).isEqualTo("f");
      assertThat(node.database().value("select coalesce(node_attrs, '') from pgq_node.node_info"))
          .doesNotContain("takeover");
    }
    assertThat(branch.database().value("select node_type from pgq_node.node_info"))
        .isEqualTo("branch");
  }

  /** Small transactions all the time, with the time that the longest took. */
  private static final class Writer implements AutoCloseable {
    private final Thread thread;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private volatile boolean stop;

    Writer(TestDatabase database) {
      thread = new Thread(() -> write(database), "writer");
      thread.setDaemon(true);
      thread.start();
    }

    private void write(TestDatabase database) {
      while (!stop) {
        try (Connection db = database.connect();
            Statement statement = db.createStatement()) {
          while (!stop) {
            long begin = System.nanoTime();
            statement.execute("insert into t values (" + (written.get() + 1000) + ")");
            longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
            written.incrementAndGet();
          }
        } catch (SQLException e) {
          refused.incrementAndGet();
        }
      }
    }

    long refused() {
      return refused.get();
    }

    Duration longest() {
      return Duration.ofNanos(longest.get());
    }

    void writesAgain() {
      long before = written.get();
      await().untilAsserted(() -> assertThat(written.get()).isGreaterThan(before + 10));
    }

    @Override
    public void close() throws InterruptedException {
      stop = true;
      thread.join();
    }
  }
}
