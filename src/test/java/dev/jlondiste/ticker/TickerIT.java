package dev.jlondiste.ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import dev.jlondiste.servers.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class TickerIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String TICKS = "select count(*) from pgq.tick";

  private final List<Loops> processes = new ArrayList<>();
  private final TickerCounts counts = new TickerCounts(new Meters());

  @AfterEach
  void stopAll() throws InterruptedException {
    for (Loops process : processes) {
      assertThat(process.stopAll(Duration.ofSeconds(10), Duration.ofSeconds(1))).isEmpty();
    }
  }

  private static TickerSettings settings(TestServer server, String... databases) {
    return new TickerSettings(
        Optional.empty(),
        Optional.empty(),
        "host=127.0.0.1 port=" + server.port() + " user=postgres",
        "postgres",
        List.of(databases),
        Optional.empty(),
        Duration.ofSeconds(1),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofMillis(100),
        Duration.ofSeconds(30),
        Duration.ofSeconds(2),
        false);
  }

  private Loops process() {
    Loops loops = new Loops(new StopSignal(), end -> {});
    processes.add(loops);
    return loops;
  }

  private Ticker start(TestDatabase database) {
    Loops loops = process();
    Ticker ticker =
        new Ticker(
            database.name(),
            Database.direct(ConnectionString.parse(database.connectString()), "ticker"),
            () -> settings(database.server(), database.name()),
            counts,
            CopiedQueues.NONE,
            Clock.systemUTC());
    ticker.loops(loops.stopSignal()).forEach(loops::start);
    return ticker;
  }

  private static void install(TestDatabase database) {
    database.load(Path.of("sql/pgq/install.sql"));
    database.execute("select pgq.create_queue('q')");
    database.execute("select pgq.set_queue_config('q', 'ticker_max_lag', '0.05')");
    database.execute("select pgq.set_queue_config('q', 'ticker_idle_period', '1 hour')");
  }

  private static void insertEvents(TestDatabase database) {
    database.execute("select pgq.insert_event('q', 'type', 'data') from generate_series(1, 10)");
  }

  private static void awaitTick(TestDatabase database) {
    long before = database.number(TICKS);
    insertEvents(database);
    await().atMost(SOON).until(() -> database.number(TICKS) > before);
  }

  @ParameterizedTest
  @ValueSource(strings = {Servers.OLDEST, Servers.NEWEST})
  void events_are_followed_by_a_tick_and_a_notification(String major) throws SQLException {
    try (TestDatabase database = Servers.shared(major).createDatabase();
        Connection listener = database.connect();
        Statement listen = listener.createStatement()) {
      install(database);
      listen.execute("listen pgq_tick");
      start(database);
      awaitTick(database);
      await()
          .atMost(SOON)
          .until(() -> listener.unwrap(PGConnection.class).getNotifications(100).length > 0);
    }
  }

  /** Ticks occur more often than calls of the ticker. */
  @Test
  void a_low_latency_queue_ticks_between_the_calls() {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      install(database);
      TickerSettings slow = settings(database.server());
      TickerSettings lazy =
          new TickerSettings(
              slow.logfile(),
              slow.pidfile(),
              slow.baseConnstr(),
              slow.initialDatabase(),
              slow.databaseList(),
              slow.syslog(),
              slow.checkPeriod(),
              slow.retryPeriod(),
              slow.maintPeriod(),
              Duration.ofHours(1),
              slow.statsPeriod(),
              Duration.ZERO,
              false);
      Loops loops = process();
      new Ticker(
              "lazy",
              Database.direct(ConnectionString.parse(database.connectString()), "ticker"),
              () -> lazy,
              counts,
              CopiedQueues.NONE,
              Clock.systemUTC())
          .loops(loops.stopSignal())
          .forEach(loops::start);
      awaitTick(database);
      awaitTick(database);
    }
  }

  @Test
  void the_second_ticker_waits_and_takes_over() throws InterruptedException {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      install(database);
      Ticker first = start(database);
      await().atMost(SOON).until(first::isTicking);
      Ticker second = start(database);
      awaitTick(database);
      assertThat(second.isTicking()).isFalse();
      processes.get(0).stopAll(Duration.ofSeconds(10), Duration.ofSeconds(1));
      await().atMost(SOON).until(second::isTicking);
      awaitTick(database);
    }
  }

  @Test
  void a_database_without_pgq_is_waited_for() {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      Ticker ticker = start(database);
      await().during(Duration.ofMillis(300)).until(() -> !ticker.isTicking());
      install(database);
      await().atMost(SOON).until(ticker::isTicking);
      awaitTick(database);
    }
  }

  @Test
  void ticks_come_back_after_a_restart_of_the_server() {
    try (TestServer server = Servers.start(Servers.NEWEST);
        TestDatabase database = server.createDatabase()) {
      install(database);
      Ticker ticker = start(database);
      awaitTick(database);
      server.restart();
      awaitTick(database);
      server.kill();
      server.start();
      awaitTick(database);
      assertThat(ticker.isTicking()).isTrue();
    }
  }

  @Test
  void a_failed_operation_does_not_prevent_the_others() {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      install(database);
      database.execute("create table done (queue text)");
      database.execute(
          "create function after_it(q text) returns int language sql as"
              + " $$ insert into done values (q); select 0 $$");
      database.execute(
          "update pgq.queue set queue_extra_maint = '{public.missing, public.after_it}'");
      start(database);
      await().atMost(SOON).until(() -> database.count("done") > 0);
      awaitTick(database);
    }
  }

  @Test
  void tables_are_rotated_and_retry_events_come_back() {
    try (TestDatabase database = Servers.newest().createDatabase()) {
      install(database);
      database.execute("select pgq.register_consumer('q', 'c')");
      database.execute(
          "select pgq.event_retry_raw('q', 'c', now(), 7, now(), 1, 't', 'd', null, null, null,"
              + " null)");
      database.execute("update pgq.queue set queue_rotation_period = '1 millisecond'");
      long current = database.number("select queue_cur_table from pgq.queue");
      start(database);
      await().atMost(SOON).until(() -> database.count("pgq.retry_queue") == 0);
      database.execute("select pgq.unregister_consumer('q', 'c')");
      await()
          .atMost(SOON)
          .until(() -> database.number("select queue_cur_table from pgq.queue") != current);
    }
  }

  @Test
  void databases_are_added_and_removed() {
    try (TestServer server = Servers.start(Servers.OLDEST)) {
      Loops loops = process();
      TickerFleet fleet =
          new TickerFleet(
              () -> settings(server), loops, counts, CopiedQueues.NONE, Clock.systemUTC());
      fleet.loops().forEach(loops::start);
      await().atMost(SOON).until(() -> fleet.status().equals("0 of 1 databases tick: "));
      try (TestDatabase database = server.createDatabase()) {
        install(database);
        await()
            .atMost(SOON)
            .until(() -> fleet.status().equals("1 of 2 databases tick: " + database.name()));
        awaitTick(database);
      }
      await().atMost(SOON).until(() -> fleet.status().equals("0 of 1 databases tick: "));
      await().atMost(SOON).until(() -> loops.running().size() == 2 + 4);
    }
  }
}
