package dev.jlondiste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.servers.CuttingProxy.Cut;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The worker, {@code dead-letters --retry} and {@code repair --apply} are killed at their
 * statements while rows are refused: no event is lost, none is applied, kept or counted twice.
 * {@code -Djlondiste.kills=50} for more kills, {@code -Djlondiste.kills=all} for all.
 */
class DeadLettersSurviveKillIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int DEFAULT_KILLS = 4;

  @TempDir private Path directory;
  private ProxiedCluster cluster;
  private TestNode root;
  private TestNode leaf;

  /** The leaf, for a worker that can be killed. */
  private TestNode worker;

  private TestTicker ticker;
  private int rounds;

  @BeforeEach
  void cascade() {
    cluster = new ProxiedCluster(directory);
    root = cluster.root("root", "18");
    leaf = cluster.below(root, NodeType.LEAF, "leaf", "18");
    worker = cluster.operator(leaf, "exception_sleep = 0.1");
    ticker = new TestTicker(root.database());
  }

  @AfterEach
  void close() {
    worker.stop();
    ticker.close();
    cluster.close();
  }

  /** Two tables in sync whose rows the leaf refuses if they are bad; the worker is stopped. */
  private void replicate(String one, String ofOne, String other, String ofOther) {
    String structure = "create table %s (id int primary key, v text, n int)";
    for (String table : List.of(one, other)) {
      root.database().execute(structure.formatted(table));
      leaf.database().execute(structure.formatted(table));
    }
    root.addTables(List.of(one, other));
    leaf.command("add-table", one, "--on-error=" + ofOne);
    leaf.command("add-table", other, "--on-error=" + ofOther);
    worker.start();
    Eventually.inSync(leaf);
    worker.stop();
    refuse(one);
    refuse(other);
  }

  private void refuse(String table) {
    accept(table);
    leaf.database()
        .execute(
            "alter table "
                + table
                + " add constraint good_"
                + table
                + " check (v <> 'bad') not valid");
  }

  private void accept(String table) {
    leaf.database().execute("alter table " + table + " drop constraint if exists good_" + table);
  }

  /** Eight rows, of which two are bad, in the table; returns the first key. */
  private static String rows(String table, int first) {
    return "insert into %s select i, case i %% 4 when 3 then 'bad' else 'good' end, 0 from generate_series(%d, %d) i;"
        .formatted(table, first, first + 7);
  }

  private void applied() {
    root.database().execute("select pgq.force_tick('testq')");
    long tick = root.database().number("select max(tick_id) from pgq.tick");
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> completed() > tick);
  }

  private long completed() {
    return leaf.database()
        .number("select last_tick_id from pgq_node.local_state where consumer_name = 'leaf'");
  }

  private static List<String> of(TestNode node, String table) {
    return node.database().column("select t::text from " + table + " t order by id");
  }

  private void equal(String table) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(of(leaf, table)).isEqualTo(of(root, table)));
  }

  /** A statement of the worker, and when it is killed there. */
  private record Kill(int statement, Cut cut) {
    static List<Kill> choose(int statements) {
      List<Kill> all =
          new ArrayList<>(
              IntStream.rangeClosed(1, statements)
                  .boxed()
                  .flatMap(k -> Stream.of(Cut.values()).map(cut -> new Kill(k, cut)))
                  .toList());
      String choice = System.getProperty("jlondiste.kills", String.valueOf(DEFAULT_KILLS));
      if (choice.equals("all")) {
        return all;
      }
      Collections.shuffle(all, new Random(Long.getLong("jlondiste.seed", System.nanoTime())));
      return all.subList(0, Math.min(all.size(), Integer.parseInt(choice)));
    }
  }

  /** Lets the worker apply what was written; {@code settled} holds when it is done. */
  private void killAt(Kill kill, Runnable settled) {
    cluster.proxy().cutAt(kill.statement(), kill.cut());
    worker.start();
    long before = completed();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> cluster.proxy().hasCut() || completed() > before + 3);
    cluster.proxy().reset();
    try {
      settled.run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(kill + ": " + e.getMessage(), e);
    }
    worker.stop();
  }

  /** The number of statements of a worker that is not killed. */
  private int statements(Runnable settled) {
    cluster.proxy().reset();
    worker.start();
    settled.run();
    int statements = cluster.proxy().statements().size();
    worker.stop();
    return statements;
  }

  @Test
  void each_skipped_event_is_kept_or_counted_once() {
    replicate("kept", "dead-letter", "discarded", "skip-event");
    assertFree();
    writeSkipped();
    List<Kill> kills = Kill.choose(statements(this::assertSkipped));
    for (Kill kill : kills) {
      writeSkipped();
      killAt(kill, this::assertSkipped);
    }
    System.out.println("DeadLettersSurviveKillIT: " + kills);
    accept("kept");
    leaf.command("dead-letters", "--retry");
    assertThat(of(leaf, "kept")).isEqualTo(of(root, "kept"));
    assertThat(leaf.command("tables").out()).doesNotContain("public.kept: ");
  }

  /** Batches of tables without letters do not ask for letters. */
  private void assertFree() {
    cluster.proxy().reset();
    worker.start();
    for (int batch = 1; batch <= 4; batch++) {
      root.database().execute("insert into kept values (%d, 'good', 0)".formatted(-batch));
      applied();
    }
    assertThat(cluster.proxy().statements())
        .filteredOn(sql -> sql.contains("from londiste.dead_letter"))
        .as("only the first batch of a process")
        .hasSize(1);
    worker.stop();
  }

  private void writeSkipped() {
    int first = 8 * rounds++;
    root.database()
        .execute(
            rows("kept", first)
                + rows("discarded", first)
                + "update kept set n = 1 where id between %d and %d".formatted(first, first + 7));
  }

  private void assertSkipped() {
    applied();
    assertThat(
            leaf.database()
                .column(
                    "select count(*) || ' ' || count(distinct ev_id) from londiste.dead_letter"))
        .containsExactly(4 * rounds + " " + 4 * rounds);
    assertThat(
            leaf.database()
                .column(
                    "select kind || ' ' || attempts from londiste.table_fault order by table_name"))
        .containsExactly("skipped " + 2 * rounds, "skipped " + 4 * rounds);
    for (String table : List.of("kept", "discarded")) {
      assertThat(of(leaf, table))
          .isEqualTo(of(root, table).stream().filter(row -> !row.contains("bad")).toList());
    }
  }

  @Test
  void a_table_is_set_aside_and_another_stops_the_node() {
    replicate("aside", "set-aside", "strict", "stop");
    writeStopping();
    List<Kill> kills = Kill.choose(statements(this::assertStopped));
    acceptAll();
    for (Kill kill : kills.subList(0, Math.min(kills.size(), Math.max(2, kills.size() / 2)))) {
      refuse("aside");
      refuse("strict");
      writeStopping();
      killAt(kill, this::assertStopped);
      acceptAll();
    }
  }

  private void writeStopping() {
    int first = 8 * rounds++;
    root.database().execute(rows("aside", first) + rows("strict", first));
  }

  private void assertStopped() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              assertThat(
                      leaf.database()
                          .column("select table_name || ' ' || kind from londiste.table_fault"))
                  .containsExactly("public.aside apply");
              assertThat(
                      leaf.database()
                          .value(
                              "select cur_error from pgq_node.local_state where consumer_name ="
                                  + " 'leaf'"))
                  .contains("table public.strict");
            });
    assertThat(of(leaf, "strict")).hasSize(8 * (rounds - 1));
  }

  private void acceptAll() {
    accept("aside");
    accept("strict");
    leaf.command("resync", "aside");
    worker.start();
    Eventually.inSync(leaf);
    equal("strict");
    equal("aside");
    worker.stop();
  }

  @Test
  void commands_that_end_a_mark() {
    replicate("kept", "dead-letter", "discarded", "skip-event");
    leaf.start();
    new KilledCommand(cluster, cluster.operator(leaf), "dead-letters", "--retry")
        .before(
            () -> {
              refuse("kept");
              int first = 8 * rounds++;
              root.database()
                  .execute(
                      rows("kept", first) + "update kept set id = -id, n = 1 where id >= " + first);
              applied();
              accept("kept");
            })
        .afterwards(
            () -> {
              assertThat(leaf.database().count("londiste.dead_letter")).isZero();
              assertThat(leaf.database().count("londiste.table_fault")).isZero();
              assertThat(of(leaf, "kept")).isEqualTo(of(root, "kept"));
            })
        .run();
    new KilledCommand(cluster, cluster.operator(leaf), "repair", "--apply", "discarded")
        .before(
            () -> {
              refuse("discarded");
              root.database().execute(rows("discarded", 8 * rounds++));
              applied();
              assertThat(leaf.database().count("londiste.table_fault")).isEqualTo(1);
              accept("discarded");
            })
        .whenKilled(
            () -> {
              if (leaf.database().count("londiste.table_fault") == 0) {
                assertThat(of(leaf, "discarded")).isEqualTo(of(root, "discarded"));
              }
            })
        .afterwards(
            () -> {
              assertThat(leaf.database().count("londiste.table_fault")).isZero();
              assertThat(of(leaf, "discarded")).isEqualTo(of(root, "discarded"));
            })
        .run();
  }
}
