package dev.jlondiste.pgq.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.log.CapturedLog;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.RetryPolicy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumerFaultsTest {
  private final CapturedLog log = new CapturedLog(ConsumerFaults.class);
  private final List<Duration> heard = new ArrayList<>();
  private final ConsumerListener listener =
      new ConsumerListener() {
        @Override
        public void failed(Exception failure, Duration pause) {
          heard.add(pause);
        }
      };
  private final RetryPolicy faults =
      ConsumerFaults.policy(
          new ConsumerName("orders", "mailer"),
          new Backoff(Duration.ofMillis(500), 2, Duration.ofSeconds(2), 0),
          listener,
          () -> Instant.EPOCH);

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void what_may_pass_is_a_warning_and_what_does_not_an_error_with_its_place() {
    faults.onFailure(new SQLException("deadlock detected", "40P01"));
    faults.onFailure(new SQLException("connection refused", "08001"));
    faults.onFailure(new IllegalStateException("no such customer"));
    assertThat(log.lines())
        .containsExactly(
            "WARN orders/mailer: deadlock detected, again in 500 ms",
            "WARN orders/mailer: connection refused, again in 1000 ms",
            "ERROR orders/mailer: no such customer, again in 2000 ms with trace");
  }

  @Test
  void the_listener_hears_of_each_failure_whether_it_is_logged_or_not() {
    for (int i = 0; i < 4; i++) {
      faults.onFailure(new SQLException("connection refused", "08001"));
    }
    assertThat(heard).extracting(Duration::toMillis).containsExactly(500L, 1000L, 2000L, 2000L);
    assertThat(log.lines()).hasSize(1);
  }
}
