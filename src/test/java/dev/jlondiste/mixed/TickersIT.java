package dev.jlondiste.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.daemon.TickerDaemon;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.servers.Reference;
import dev.jlondiste.servers.Servers;
import dev.jlondiste.servers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A ticker of the one on databases of the other, and both at once. */
class TickersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int EVENTS = 300;
  private static final String LAST_ROTATION = "select queue_switch_step1 from pgq.queue";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @BeforeAll
  static void assumeReference() {
    Reference.assumeInstalled();
  }

  @ParameterizedTest(name = "code: {0}, ticker: {1}, and {2}")
  @CsvSource({
    "OURS, REFERENCE,",
    "REFERENCE, OURS,",
    "OURS, REFERENCE, OURS",
    "REFERENCE, REFERENCE, OURS",
  })
  void every_event_is_in_one_batch(Maker code, Maker one, @Nullable Maker other) throws Exception {
    try (TestDatabase database = database(code);
        AutoCloseable first = ticker(one, database);
        AutoCloseable second = other == null ? () -> {} : ticker(other, database)) {
      String created = database.value(LAST_ROTATION);
      List<Long> seen = new ArrayList<>();
      for (int i = 1; i <= EVENTS; i++) {
        database.execute("select pgq.insert_event('q', 'n', '" + i + "')");
        if (i % 10 == 0) {
          consume(database, seen);
        }
      }
      await().atMost(PATIENCE).until(() -> consume(database, seen).size() >= EVENTS + EVENTS / 10);

      // Each once, those of every tenth number once more: they were asked for again.
      assertThat(seen)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.concat(
                      LongStream.rangeClosed(1, EVENTS),
                      LongStream.rangeClosed(1, EVENTS).filter(n -> n % 10 == 0))
                  .boxed()
                  .toList());
      assertThat(
              database.column(
                  "select tick_id from (select *, lag(tick_id) over w as last, lag(tick_time) over w"
                      + " as last_time, lag(tick_event_seq) over w as last_seq from pgq.tick window w"
                      + " as (order by tick_id)) t where tick_id <> last + 1 or tick_time < last_time"
                      + " or tick_event_seq < last_seq"))
          .as("ticks out of order")
          .isEmpty();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(database.value(LAST_ROTATION))
                      .as("last rotation")
                      .isNotEqualTo(created));
    }
    if (one == Maker.REFERENCE) {
      assertThat(Files.readString(directory.resolve("ticker.out")))
          .contains("pgq version ok")
          .doesNotContain("ERROR", "WARNING", "FATAL");
    }
  }

  private static TestDatabase database(Maker code) {
    TestDatabase database;
    if (code == Maker.REFERENCE) {
      database = Reference.createDatabase();
    } else {
      database = Servers.newest().createDatabase();
      database.load(Path.of("sql/install.sql"));
    }
    database.execute("select pgq.create_queue('q')");
    database.execute("select pgq.register_consumer('q', 'c')");
    database.execute("select pgq.set_queue_config('q', 'ticker_max_lag', '0.1')");
    database.execute("select pgq.set_queue_config('q', 'ticker_idle_period', '1')");
    database.execute("select pgq.set_queue_config('q', 'rotation_period', '1 second')");
    return database;
  }

  /** Takes what is there; asks for every tenth event again, once. */
  private static List<Long> consume(TestDatabase database, List<Long> seen) {
    while (true) {
      String batch = database.value("select pgq.next_batch('q', 'c')");
      if (batch == null) {
        return seen;
      }
      for (String data :
          database.column(
              "select ev_data from pgq.get_batch_events(?::int8) order by ev_id", batch)) {
        seen.add(Long.valueOf(String.valueOf(data)));
      }
      database.rows(
          "select pgq.event_retry(?::int8, ev_id, 0) from pgq.get_batch_events(?::int8)"
              + " where ev_retry is null and ev_data::int % 10 = 0",
          batch, batch);
      database.rows("select pgq.finish_batch(?::int8)", batch);
    }
  }

  private AutoCloseable ticker(Maker maker, TestDatabase database) throws IOException {
    Path ini =
        Files.writeString(
            directory.resolve(maker + ".ini"),
            """
            [pgqd]
            base_connstr = host=127.0.0.1 port=%d user=postgres
            initial_database = postgres
            database_list = %s
            logfile = %s
            ticker_period = 0.1
            retry_period = 0.5
            maint_period = 1
            check_period = 1
            """
                .formatted(
                    database.server().port(), database.name(), directory.resolve(maker + ".log")));
    if (maker == Maker.REFERENCE) {
      return ReferenceProgram.ticker(ini);
    }
    TickerSettings settings = TickerSettings.read(ini, Map.of()).settings();
    TickerDaemon daemon = new TickerDaemon(settings, () -> settings);
    Loops loops = new Loops(new StopSignal(), end -> {});
    daemon.start(loops);
    return () -> {
      assertThat(loops.stopAll(Duration.ofSeconds(10), Duration.ofSeconds(1))).isEmpty();
      daemon.close();
    };
  }
}
