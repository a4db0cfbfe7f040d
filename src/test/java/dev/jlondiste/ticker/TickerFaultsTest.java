package dev.jlondiste.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.log.CapturedLog;
import dev.jlondiste.loop.RetryPolicy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TickerFaultsTest {
  private final CapturedLog log = new CapturedLog(TickerFaults.class);
  private Instant now = Instant.parse("2026-11-30T08:00:00Z");
  private final RetryPolicy faults = TickerFaults.policy("[shop]: retry", () -> now);

  @AfterEach
  void close() {
    log.close();
  }

  private Duration fail() {
    return faults
        .onFailure(new SQLException("FATAL: the database system is shutting down\nmore", "57P01"))
        .pause();
  }

  @Test
  void it_comes_back_within_ten_seconds_after_its_server() {
    for (int i = 0; i < 100; i++) {
      assertThat(fail()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }
  }

  @Test
  void a_night_without_server_leaves_one_line_a_minute() {
    for (int i = 0; i < 13; i++) {
      fail();
      now = now.plusSeconds(10);
    }
    faults.onSuccess();
    faults.onSuccess();
    assertThat(log.lines())
        .containsExactly(
            "ERROR [shop]: retry the database system is shutting down (retrying every 10 s)",
            "ERROR [shop]: retry still failing, 7 failed attempts, 60 s: the database system is"
                + " shutting down",
            "ERROR [shop]: retry still failing, 13 failed attempts, 2 min: the database system is"
                + " shutting down",
            "INFO [shop]: retry works again after 13 failed attempts, 2 min");
  }

  @Test
  void a_bug_is_logged_with_its_place() {
    faults.onFailure(new IllegalStateException("bug"));
    assertThat(log.lines()).containsExactly("ERROR [shop]: retry bug with trace");
  }
}
