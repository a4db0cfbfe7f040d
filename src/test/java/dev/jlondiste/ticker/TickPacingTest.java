package dev.jlondiste.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TickPacingTest {
  private static final Optional<Duration> LAG = Optional.of(Duration.ofMillis(40));
  private static final Duration SINCE = Duration.ofMillis(20);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  @Test
  void there_are_no_polls_without_a_low_latency_queue() {
    TickPacing pacing = new TickPacing();
    assertThat(pacing.pause()).isEmpty();
    pacing.polled(Optional.empty(), 0, SINCE, AT_ONCE);
    assertThat(pacing.hasLowLatencyQueues()).isFalse();
    assertThat(pacing.pause()).isEmpty();
  }

  @Test
  void while_events_arrive_the_pause_is_half_the_lag() {
    TickPacing pacing = new TickPacing();
    pacing.polled(LAG, 1, SINCE, AT_ONCE);
    assertThat(pacing.pause()).contains(Duration.ofMillis(20));
  }

  @Test
  void the_shortest_pause_is_bounded() {
    TickPacing pacing = new TickPacing();
    pacing.polled(Optional.of(Duration.ZERO), 1, SINCE, Duration.ZERO);
    assertThat(pacing.pause()).contains(Duration.ofMillis(3));
  }

  @Test
  void a_slow_server_is_polled_less_often() {
    TickPacing pacing = new TickPacing();
    pacing.polled(LAG, 1, SINCE, Duration.ofMillis(120));
    assertThat(pacing.pause()).contains(Duration.ofMillis(120));
  }

  @Test
  void one_slow_poll_has_no_lasting_effect() {
    TickPacing pacing = new TickPacing();
    pacing.polled(LAG, 1, SINCE, Duration.ofMillis(400));
    for (int i = 0; i < 12; i++) {
      pacing.polled(LAG, 1, SINCE, AT_ONCE);
    }
    assertThat(pacing.pause())
        .hasValueSatisfying(p -> assertThat(p).isLessThan(SINCE.plusMillis(1)));
  }

  @Test
  void a_burst_is_ticked_in_larger_batches() {
    TickPacing pacing = new TickPacing();
    assertThat(pauseAfter(pacing, 10, 70)).isEqualTo(Duration.ofMillis(100));
    assertThat(pauseAfter(pacing, 10, 50)).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void events_that_arrive_together_are_not_a_burst() {
    TickPacing pacing = new TickPacing();
    assertThat(pauseAfter(pacing, 1, 300)).isEqualTo(Duration.ofMillis(5));
    assertThat(pauseAfter(pacing, 9, 10)).isEqualTo(Duration.ofMillis(5));
  }

  private static Duration pauseAfter(TickPacing pacing, int times, long eventsEach) {
    for (int i = 0; i < times; i++) {
      pacing.polled(Optional.of(Duration.ofMillis(10)), eventsEach, SINCE, AT_ONCE);
    }
    return pacing.pause().orElseThrow();
  }

  @Test
  void polls_are_rare_without_events_and_frequent_with_them() {
    TickPacing pacing = new TickPacing();
    pacing.polled(LAG, 1, SINCE, AT_ONCE);
    for (int i = 0; i < 101; i++) {
      pacing.polled(LAG, 0, SINCE, AT_ONCE);
    }
    assertThat(pacing.pause()).contains(Duration.ofMillis(500));
    pacing.polled(LAG, 1, SINCE, AT_ONCE);
    assertThat(pacing.pause()).contains(Duration.ofMillis(20));
  }
}
