package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jlondiste.cluster.CommandLine;
import dev.jlondiste.cluster.Eventually;
import dev.jlondiste.cluster.TestNode;
import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestServer;
import dev.jlondiste.servers.WholeMatrix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * A row that the leaf rejects: the worker's behaviour until the row is removed, and its reports.
 */
@SuppressWarnings("NullAway.Init") // each test begins with replicate()
class FailedBatchIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern ATTEMPTS = Pattern.compile(", (\\d+) failed attempts?");
  private static final String ERROR =
      "select cur_error from pgq_node.local_state where consumer_name = 'leaf'";
  private static final String NEWEST_TICK = "select max(tick_id) from pgq.tick";

  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final Logger cascade = (Logger) LoggerFactory.getLogger("dev.jlondiste.cascade");

  @TempDir private Path directory;
  private TestNode root;
  private TestNode leaf;
  private TestTicker ticker;

  @BeforeEach
  void listen() {
    told.start();
  }

  @AfterEach
  void drop() {
    cascade.detachAppender(told);
    Stream.of(ticker, leaf, root).forEach(FailedBatchIT::close);
  }

  private static void close(@Nullable AutoCloseable thing) {
    try {
      if (thing != null) {
        thing.close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A root and a leaf with these tables in sync, and ticks all the time; the worker is stopped. */
  private void replicate(TestServer server, List<String> tables, String... settings) {
    root = new TestNode("root", server.createDatabase(), directory);
    leaf = new TestNode("leaf", server.createDatabase(), directory, settings);
    root.createRoot();
    root.database()
        .execute("select pgq.set_queue_config('testq', 'ticker_max_lag', '1 millisecond')");
    root.database()
        .execute("select pgq.set_queue_config('testq', 'ticker_idle_period', '1 millisecond')");
    for (String table : tables) {
      root.database().execute("create table " + table + " (id int primary key, v text)");
      leaf.database().execute("create table " + table + " (id int primary key, v text)");
    }
    root.addTables(tables);
    ticker = new TestTicker(root.database());
    leaf.createBelow(NodeType.LEAF, root);
    leaf.addTables(tables);
    leaf.start();
    Eventually.inSync(leaf);
    cascade.setLevel(Level.INFO);
    cascade.addAppender(told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  @WholeMatrix({"13"})
  void the_first_cause_stays_until_the_row_is_gone(String major) {
    replicate(Servers.shared(major), List.of("t"), "exception_sleep = 600");
    leaf.database().executeAsReplica("insert into t values (5001, 'here first')");
    root.database().execute("insert into t values (5001, 'x')");
    String cause =
        "ev_id \\d+, table public\\.t, INSERT, key id=5001: ERROR: duplicate key value .*";
    await().atMost(PATIENCE).until(() -> error().matches("(?s)" + cause));

    // ticks arrive all the time, and the provider's sessions are lost on the way
    Set<String> causes = new TreeSet<>();
    for (int round = 1; round <= 3; round++) {
      root.database().killConnections();
      long before = root.database().number(NEWEST_TICK);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                causes.add(error().replaceFirst("(?s) \\(since .*", ""));
                return root.database().number(NEWEST_TICK) - before > 20;
              });
    }
    assertThat(causes).hasSize(1).allMatch(text -> text.matches(cause));
    assertThat(attempts()).isBetween(2, 10);
    assertThat(leaf.command("status").out())
        .containsPattern("ERR: leaf: " + cause + " \\(since \\S+Z, \\d+ failed attempts");
    assertThat(errors()).filteredOn(line -> line.contains("[ev_id=")).hasSize(1);

    leaf.database().executeAsReplica("delete from t where id = 5001");
    leaf.command("resume");
    await().atMost(PATIENCE).until(() -> rows("t").equals(List.of("5001 x")));
    await().atMost(PATIENCE).until(() -> error().isEmpty());
    assertThat(told.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.matches("Job leaf: applied after \\d+ failed attempts, .*"));
  }

  private String error() {
    String text = leaf.database().value(ERROR);
    return text == null ? "" : text;
  }

  private int attempts() {
    Matcher matcher = ATTEMPTS.matcher(error());
    assertThat(matcher.find()).as(error()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private List<String> errors() {
    return told.list.stream()
        .filter(line -> line.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private List<String> rows(String table) {
    return leaf.database().column("select id || ' ' || v from " + table + " order by id").stream()
        .map(String::valueOf)
        .toList();
  }

  /** The worker was away: the ticks it missed are one batch. */
  @Test
  void the_ticks_before_the_one_that_fails_are_applied() {
    replicate(Servers.newest(), List.of("t"));
    leaf.stop();
    leaf.database().executeAsReplica("insert into t values (30, 'here first')");
    for (int i = 1; i <= 60; i++) {
      root.database().execute("insert into t values (" + i + ", 'x')");
      if (i == 29 || i == 30 || i == 60) {
        awaitTick(); // the row that fails has one of its own
      }
    }
    leaf.start();
    await().atMost(PATIENCE).until(() -> error().startsWith("ev_id ") && rows("t").size() == 30);
    leaf.database().executeAsReplica("delete from t where id = 30");
    await().atMost(PATIENCE).until(() -> rows("t").size() == 60 && error().isEmpty());
  }

  private void awaitTick() {
    long last = root.database().number(NEWEST_TICK);
    await().atMost(PATIENCE).until(() -> root.database().number(NEWEST_TICK) > last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "18"})
  void a_table_is_set_aside_and_the_others_continue(String major) {
    replicate(Servers.shared(major), List.of("good", "bad"), "on_error = set-aside");
    leaf.database().execute("alter table bad drop column v");
    root.database().execute("insert into bad values (1, 'x'); insert into good values (1, 'x')");
    await().atMost(PATIENCE).until(() -> rows("good").equals(List.of("1 x")));
    await().atMost(PATIENCE).until(() -> error().isEmpty());
    String fault =
        "public\\.bad: cannot be applied, waits for 'resync public\\.bad': ev_id \\d+, table"
            + " public\\.bad, INSERT, key id=1: ERROR: column \"v\" .*";
    assertThat(leaf.command("status").out()).containsPattern("ERR: " + fault);
    assertThat(leaf.command("tables").out()).containsPattern(fault);
    assertThat(CommandLine.run(leaf, "wait-sync", "--all-but-failed").code()).isEqualTo(3);
    root.database().execute("insert into bad values (2, 'y'); insert into good values (2, 'y')");
    await().atMost(PATIENCE).until(() -> rows("good").size() == 2);
    assertThat(states()).containsExactly("public.bad missing", "public.good ok");

    leaf.stop();
    leaf.start(); // another process skips it, too
    root.database().execute("insert into good values (3, 'z')");
    await().atMost(PATIENCE).until(() -> rows("good").size() == 3);
    assertThat(states()).containsExactly("public.bad missing", "public.good ok");

    leaf.database().execute("alter table bad add column v text");
    leaf.command("resync", "public.bad");
    Eventually.inSync(leaf);
    assertThat(rows("bad")).containsExactly("1 x", "2 y");
    assertThat(leaf.database().count("londiste.table_fault")).isZero();
  }

  private List<String> states() {
    return leaf
        .database()
        .column(
            "select table_name || ' ' || coalesce(merge_state, 'missing') from londiste.table_info"
                + " order by 1")
        .stream()
        .map(String::valueOf)
        .toList();
  }

  /** Resync repairs a table that differs: the copy contains the effects of its pending events. */
  @Test
  void a_resync_of_the_table_ends_the_failure() {
    replicate(Servers.newest(), List.of("t"), "exception_sleep = 600");
    leaf.database().executeAsReplica("insert into t values (1, 'here first')");
    root.database().execute("insert into t values (1, 'x')");
    await().atMost(PATIENCE).until(() -> error().startsWith("ev_id "));
    leaf.command("resync", "public.t");
    await().atMost(PATIENCE).until(() -> rows("t").equals(List.of("1 x")));
    Eventually.inSync(leaf);
  }
}
