package dev.jlondiste.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.cluster.TestTicker;
import dev.jlondiste.config.CompanionKind;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mover, a splitter and a simple consumer are killed at random moments while rows are written,
 * and sessions of both databases are terminated, so that replies to commits are lost. Every event
 * takes effect exactly once. {@code -Djlondiste.random.kills=100} for more kills.
 */
class QueueProgramsSurviveKillIT {
  private static final int KILLS = Integer.getInteger("jlondiste.random.kills", 6);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path directory;

  @Test
  void every_event_takes_effect_exactly_once() throws Exception {
    long seed = System.nanoTime();
    System.out.println("QueueProgramsSurviveKillIT: seed " + seed);
    Random random = new Random(seed);
    try (TestDatabase shop = Servers.oldest().createDatabase();
        TestDatabase target = Servers.newest().createDatabase();
        TestTicker ticker = prepared(shop, target)) {
      List<QueueProgram> programs = programs(shop, target);
      List<Process> running = new ArrayList<>();
      try {
        for (QueueProgram program : programs) {
          assertThat(program.run("--register")).isZero();
          running.add(program.start());
        }
        long rows = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
          int victim = random.nextInt(programs.size());
          rows += write(shop, rows, 20 + random.nextInt(100));
          assertThat(running.get(victim).waitFor(300 + random.nextInt(1200), TimeUnit.MILLISECONDS))
              .as("the program ended by itself")
              .isFalse();
          rows += write(shop, rows, random.nextInt(20));
          running.get(victim).destroyForcibly().onExit().join();
          running.set(victim, programs.get(victim).start());
          if (kill % 3 == 0) {
            (random.nextBoolean() ? shop : target).killConnections();
          }
        }
        awaitOnce(target, rows);
        assertThat(
                target.number(
                    "select count(*) from (select id, lag(id) over (partition by table_name order by"
                        + " ev_id) as before from"
                        + " (select *, tableoid as table_name, split_part(split_part(ev_data, '&', 1), '=', 2)::int as id"
                        + " from pgq.event_template) e) o"
                        + " where before > id"))
            .as("events out of order")
            .isZero();
      } finally {
        running.forEach(process -> process.destroyForcibly().onExit().join());
      }
    }
  }

  private static TestTicker prepared(TestDatabase shop, TestDatabase target) {
    shop.load(Path.of("sql/pgq/install.sql"));
    shop.rows("select pgq.create_queue('shop')");
    shop.execute(
        "select pgq.set_queue_config('shop', 'ticker_max_lag', '0.1');"
            + " create table orders (id int primary key, queue text not null);"
            + " create trigger orders_q after insert on orders for each row"
            + " execute procedure pgq.logutriga('shop', 'ev_extra1=queue')");
    target.load(Path.of("sql/pgq/install.sql"));
    target.load(Path.of("sql/pgq_ext/install.sql"));
    target.execute(
        "create table seen (id int not null);"
            + " select pgq.create_queue(name) from unnest(array['copy', 'even', 'odd']) name");
    return new TestTicker(shop);
  }

  private List<QueueProgram> programs(TestDatabase shop, TestDatabase target) {
    return List.of(
        program(CompanionKind.QUEUE_MOVER, shop, target, "dst_queue_name = copy"),
        program(CompanionKind.QUEUE_SPLITTER, shop, target, "queue_field = extra1"),
        program(
            CompanionKind.SIMPLE_CONSUMER,
            shop,
            target,
            "dst_query = insert into seen values (%%(id)s)"));
  }

  private QueueProgram program(
      CompanionKind kind, TestDatabase shop, TestDatabase target, String line) {
    return new QueueProgram(
        kind,
        directory,
        kind.command(),
        line,
        "src_db = " + shop.connectString(),
        "dst_db = " + target.connectString(),
        "queue_name = shop",
        "exception_sleep = 1");
  }

  private static int write(TestDatabase shop, long from, int count) {
    for (int i = 1; i <= count; i++) {
      long id = from + i;
      shop.execute(
          "insert into orders values (" + id + ", '" + (id % 2 == 0 ? "even" : "odd") + "')");
    }
    return count;
  }

  private static void awaitOnce(TestDatabase target, long rows) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(target.number("select count(distinct id) from seen")).isEqualTo(rows));
    assertThat(target.count("seen")).as("rows in seen").isEqualTo(rows);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(target.number("select count(distinct ev_data) from " + events("copy")))
                    .isEqualTo(rows));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        target.number("select count(distinct ev_data) from " + events("even"))
                            + target.number("select count(distinct ev_data) from " + events("odd")))
                    .isEqualTo(rows));
    assertThat(target.count("pgq.event_template")).as("events").isEqualTo(2 * rows);
  }

  private static String events(String queue) {
    return "(select e.* from pgq.event_template e, pgq.queue q where queue_name = '"
        + queue
        + "' and e.tableoid::regclass::text like queue_data_pfx || '#_%' escape '#') e";
  }
}
