package dev.jlondiste.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void pauses_double_up_to_the_longest() {
    Backoff backoff = new Backoff(SECOND, Duration.ofSeconds(10));
    assertThat(backoff.next()).hasSeconds(1);
    assertThat(backoff.next()).hasSeconds(2);
    assertThat(backoff.next()).hasSeconds(4);
    assertThat(backoff.next()).hasSeconds(8);
    assertThat(backoff.next()).hasSeconds(10);
    assertThat(backoff.next()).hasSeconds(10);
  }

  @Test
  void a_success_starts_over() {
    Backoff backoff = new Backoff(SECOND, Duration.ofSeconds(10));
    assertThat(backoff.next()).isEqualTo(SECOND);
    assertThat(backoff.next()).isGreaterThan(SECOND);
    backoff.reset();
    assertThat(backoff.next()).isEqualTo(SECOND);
  }

  @Test
  void a_pause_of_nothing_would_be_a_busy_loop() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, SECOND))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
