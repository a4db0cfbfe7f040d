package dev.jlondiste.loop;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class FaultLogTest {
  private static final Instant START = Instant.parse("2026-11-30T08:10:05Z");

  private final Logger logger = (Logger) LoggerFactory.getLogger("fault log test");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private Instant now = START;
  private final FaultLog log = new FaultLog(logger, "Job j:", Duration.ofMinutes(5), () -> now);

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(ch.qos.logback.classic.Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

  private void fail(String message) {
    log.failed(
        new SQLException(message), FaultReport.of(Level.ERROR, message, "crashed: " + message));
  }

  private List<String> logged() {
    return lines.list.stream().map(line -> line.getLevel() + " " + line.getMessage()).toList();
  }

  private List<String> texts() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void each_failure_is_logged_in_full_once() {
    fail("away");
    fail("away");
    fail("full");
    fail("away");
    assertThat(logged()).containsExactly("ERROR crashed: away", "ERROR crashed: full");
  }

  @Test
  void repeats_are_counted_once_a_period() {
    for (int second = 0; second <= 3600; second++) {
      now = START.plusSeconds(second);
      fail(second % 2 == 0 ? "away" : "full");
    }
    assertThat(texts()).hasSize(13);
    assertThat(texts().get(2)).isEqualTo("Job j: still failing, 302 failed attempts, 5 min: full");
    assertThat(log.succeeded()).contains("3601 failed attempts, 60 min");
  }

  @Test
  void texts_that_differ_every_time_do_not_fill_the_log() {
    for (int i = 0; i < 1000; i++) {
      fail("row " + i);
    }
    assertThat(texts()).hasSize(20);
  }

  @Test
  void a_success_is_told_once_and_the_next_failure_is_new() {
    fail("away");
    now = now.plusSeconds(7);
    assertThat(log.succeeded()).contains("1 failed attempt, 7 s");
    assertThat(log.succeeded()).isEmpty();
    fail("away");
    assertThat(texts()).containsExactly("crashed: away", "crashed: away");
  }

  @Test
  void a_count_of_the_job_itself_goes_before() {
    FaultReport report =
        new FaultReport(
            Level.WARN, "key", "full", "brief", false, Optional.of("99 failed attempts, 9 min"));
    log.failed(new SQLException("x"), report);
    now = now.plus(Duration.ofMinutes(5));
    log.failed(new SQLException("x"), report);
    assertThat(texts())
        .containsExactly("full", "Job j: still failing, 99 failed attempts, 9 min: brief");
    assertThat(lines.list).extracting(line -> line.getLevel().toString()).containsOnly("WARN");
  }

  @Test
  void only_a_traced_failure_has_its_stack_in_the_line() {
    fail("away");
    log.failed(
        new IllegalStateException("bug"), FaultReport.of(Level.ERROR, "bug", "bug").traced(true));
    assertThat(lines.list.get(0).getThrowableProxy()).isNull();
    assertThat(lines.list.get(1).getThrowableProxy().getMessage()).isEqualTo("bug");
  }

  @Test
  void braces_of_a_message_stay() {
    fail("array {} of {1,2}");
    assertThat(texts()).containsExactly("crashed: array {} of {1,2}");
  }
}
