package dev.jlondiste.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.Batch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The log lines about batches and their frequency. */
class WorkerStatisticsTest {
  private static final Duration TICK = Duration.ofMillis(20);
  private static final Duration KEEPALIVE = Duration.ofMinutes(5);

  private final Logger log = (Logger) LoggerFactory.getLogger(WorkerStatistics.class);
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final TestClock clock = new TestClock();
  private final WorkerStatistics statistics = new WorkerStatistics("leaf", new Meters(), clock);
  private long tick = 1;

  /** A clock that the test advances. */
  private static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void listen() {
    told.start();
    log.addAppender(told);
  }

  @AfterEach
  void stop() {
    log.detachAppender(told);
  }

  private List<String> lines() {
    return told.list.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private void batch(long events, Duration idle, Duration applying) {
    clock.pass(idle);
    statistics.begin();
    clock.pass(applying);
    Instant now = clock.instant();
    statistics.end(
        Map.of("count", events), new Batch(tick, tick, ++tick, now, now, Duration.ZERO, 0, events));
  }

  @Test
  void a_batch_after_a_quiet_time_has_its_own_line() {
    batch(6, Duration.ofMillis(39), Duration.ofMillis(8));
    clock.pass(Duration.ofSeconds(20));
    batch(2, Duration.ZERO, Duration.ofMillis(5));
    assertThat(lines())
        .containsExactly(
            "{count: 6, duration: 0.008, idle: 0.039}", "{count: 2, duration: 0.005, idle: 20}");
  }

  @Test
  void fifty_batches_a_second_are_one_line_in_ten_seconds() {
    for (int i = 0; i < 50 * 60; i++) {
      batch(2, TICK.minusMillis(5), Duration.ofMillis(5));
    }
    assertThat(lines()).hasSize(6);
    assertThat(lines().get(1)).isEqualTo("{batches: 500, count: 1000, duration: 2.5, idle: 7.5}");
  }

  @Test
  void sums_are_logged_when_due_or_when_the_worker_ends() {
    batch(1, TICK, TICK);
    batch(2, TICK, TICK);
    statistics.idle(KEEPALIVE);
    assertThat(lines()).hasSize(1);
    clock.pass(WorkerStatistics.LINE_PERIOD);
    statistics.idle(KEEPALIVE);
    batch(3, TICK, TICK);
    statistics.flush();
    statistics.flush();
    assertThat(lines())
        .containsExactly(
            "{count: 1, duration: 0.02, idle: 0.02}",
            "{count: 2, duration: 0.02, idle: 0.02}",
            "{count: 3, duration: 0.02, idle: 10.02}");
  }

  @Test
  void an_idle_worker_logs_a_line_periodically() {
    statistics.idle(KEEPALIVE);
    clock.pass(KEEPALIVE);
    statistics.idle(KEEPALIVE);
    statistics.idle(KEEPALIVE);
    assertThat(lines()).containsExactly("{idle: 300}");
  }
}
