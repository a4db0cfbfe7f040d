package dev.jlondiste.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.log.CapturedLog;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class FaultLogTest {
  private static final Instant START = Instant.parse("2026-11-30T08:10:05Z");

  private final CapturedLog captured = new CapturedLog(FaultLogTest.class);
  private Instant now = START;
  private final FaultLog log =
      new FaultLog(
          LoggerFactory.getLogger(FaultLogTest.class), "Job j:", Duration.ofMinutes(5), () -> now);

  @AfterEach
  void close() {
    captured.close();
  }

  private void fail(String message) {
    log.failed(
        new SQLException(message), FaultReport.of(Level.ERROR, message, "crashed: " + message));
  }

  @Test
  void each_failure_is_logged_in_full_once() {
    fail("away");
    fail("away");
    fail("full");
    fail("away");
    assertThat(captured.lines()).containsExactly("ERROR crashed: away", "ERROR crashed: full");
  }

  @Test
  void repeats_are_counted_once_a_period() {
    for (int second = 0; second <= 3600; second++) {
      now = START.plusSeconds(second);
      fail(second % 2 == 0 ? "away" : "full");
    }
    assertThat(captured.lines()).hasSize(13);
    assertThat(captured.lines().get(2))
        .isEqualTo("ERROR Job j: still failing, 302 failed attempts, 5 min: full");
    assertThat(log.succeeded()).contains("3601 failed attempts, 60 min");
  }

  @Test
  void texts_that_differ_every_time_do_not_fill_the_log() {
    for (int i = 0; i < 1000; i++) {
      fail("row " + i);
    }
    assertThat(captured.lines()).hasSize(20);
  }

  @Test
  void a_success_is_reported_once_and_the_next_failure_is_new() {
    fail("away");
    now = now.plusSeconds(7);
    assertThat(log.succeeded()).contains("1 failed attempt, 7 s");
    assertThat(log.succeeded()).isEmpty();
    fail("away");
    assertThat(captured.lines()).containsExactly("ERROR crashed: away", "ERROR crashed: away");
  }

  @Test
  void a_count_of_the_job_has_precedence() {
    FaultReport report =
        new FaultReport(
            Level.WARN, "key", "full", "brief", false, Optional.of("99 failed attempts, 9 min"));
    log.failed(new SQLException("x"), report);
    now = now.plus(Duration.ofMinutes(5));
    log.failed(new SQLException("x"), report);
    assertThat(captured.lines())
        .containsExactly(
            "WARN full", "WARN Job j: still failing, 99 failed attempts, 9 min: brief");
  }

  @Test
  void only_a_traced_failure_has_its_stack_in_the_line() {
    fail("away");
    log.failed(
        new IllegalStateException("bug"), FaultReport.of(Level.ERROR, "bug", "bug").traced(true));
    assertThat(captured.lines()).containsExactly("ERROR crashed: away", "ERROR bug with trace");
  }

  @Test
  void braces_of_a_message_stay() {
    fail("array {} of {1,2}");
    assertThat(captured.lines()).containsExactly("ERROR crashed: array {} of {1,2}");
  }
}
