package dev.jlondiste.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LooksTest {
  private static final Optional<Duration> LAG = Optional.of(Duration.ofMillis(40));
  private static final Duration SINCE = Duration.ofMillis(20);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  @Test
  void nobody_looks_without_a_queue_in_a_hurry() {
    Looks looks = new Looks();
    assertThat(looks.pause()).isEmpty();
    looks.looked(Optional.empty(), 0, SINCE, AT_ONCE);
    assertThat(looks.isHurried()).isFalse();
    assertThat(looks.pause()).isEmpty();
  }

  @Test
  void while_events_come_half_the_lag_is_waited() {
    Looks looks = new Looks();
    looks.looked(LAG, 1, SINCE, AT_ONCE);
    assertThat(looks.pause()).contains(Duration.ofMillis(20));
  }

  @Test
  void the_shortest_pause_is_bounded() {
    Looks looks = new Looks();
    looks.looked(Optional.of(Duration.ZERO), 1, SINCE, Duration.ZERO);
    assertThat(looks.pause()).contains(Duration.ofMillis(3));
  }

  @Test
  void a_slow_server_is_asked_less_often() {
    Looks looks = new Looks();
    looks.looked(LAG, 1, SINCE, Duration.ofMillis(120));
    assertThat(looks.pause()).contains(Duration.ofMillis(120));
  }

  @Test
  void one_slow_look_is_soon_forgotten() {
    Looks looks = new Looks();
    looks.looked(LAG, 1, SINCE, Duration.ofMillis(400));
    for (int i = 0; i < 12; i++) {
      looks.looked(LAG, 1, SINCE, AT_ONCE);
    }
    assertThat(looks.pause())
        .hasValueSatisfying(p -> assertThat(p).isLessThan(SINCE.plusMillis(1)));
  }

  @Test
  void a_crowd_of_events_is_ticked_in_larger_lots() {
    Looks looks = new Looks();
    assertThat(pauseAfter(looks, 10, 70)).isEqualTo(Duration.ofMillis(100));
    assertThat(pauseAfter(looks, 10, 50)).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void a_burst_is_no_crowd() {
    Looks looks = new Looks();
    assertThat(pauseAfter(looks, 1, 300)).isEqualTo(Duration.ofMillis(5));
    assertThat(pauseAfter(looks, 9, 10)).isEqualTo(Duration.ofMillis(5));
  }

  private static Duration pauseAfter(Looks looks, int times, long eventsEach) {
    for (int i = 0; i < times; i++) {
      looks.looked(Optional.of(Duration.ofMillis(10)), eventsEach, SINCE, AT_ONCE);
    }
    return looks.pause().orElseThrow();
  }

  @Test
  void without_events_looks_become_rare_and_with_them_frequent_again() {
    Looks looks = new Looks();
    looks.looked(LAG, 1, SINCE, AT_ONCE);
    for (int i = 0; i < 101; i++) {
      looks.looked(LAG, 0, SINCE, AT_ONCE);
    }
    assertThat(looks.pause()).contains(Duration.ofMillis(500));
    looks.looked(LAG, 1, SINCE, AT_ONCE);
    assertThat(looks.pause()).contains(Duration.ofMillis(20));
  }
}
