package dev.jlondiste.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static List<Long> seconds(Backoff backoff, int attempts) {
    return IntStream.rangeClosed(1, attempts)
        .mapToObj(attempt -> backoff.longest(attempt).toSeconds())
        .toList();
  }

  @Test
  void pauses_double_up_to_the_longest() {
    assertThat(seconds(Backoff.upTo(Duration.ofSeconds(20)), 8))
        .containsExactly(1L, 2L, 4L, 8L, 16L, 20L, 20L, 20L);
  }

  @Test
  void the_longest_stays_after_any_number_of_attempts() {
    assertThat(Backoff.upTo(MINUTE).longest(1_000_000)).isEqualTo(MINUTE);
  }

  @Test
  void a_factor_of_one_does_not_grow() {
    assertThat(seconds(Backoff.constant(MINUTE), 3)).containsExactly(60L, 60L, 60L);
  }

  /** For example exception_sleep = 0. */
  @Test
  void a_longest_pause_below_a_second_means_one_second() {
    assertThat(seconds(Backoff.upTo(Duration.ZERO), 3)).containsExactly(1L, 1L, 1L);
  }

  @Test
  void each_pause_is_up_to_a_fifth_shorter_and_never_longer() {
    Backoff backoff = Backoff.doubling(SECOND, MINUTE);
    List<Duration> pauses = Stream.generate(() -> backoff.pause(3)).limit(1000).toList();
    assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofSeconds(4)) <= 0);
    assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofMillis(3200)) >= 0);
    assertThat(pauses.stream().distinct().count()).isGreaterThan(100);
  }

  @Test
  void without_jitter_the_pauses_are_exact() {
    Backoff backoff = new Backoff(SECOND, 3, MINUTE, 0);
    assertThat(IntStream.rangeClosed(1, 5).mapToObj(backoff::pause))
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 3L, 9L, 27L, 60L);
  }

  @Test
  void parameters_of_a_busy_loop_are_refused() {
    for (Supplier<Backoff> wrong :
        List.<Supplier<Backoff>>of(
            () -> Backoff.doubling(Duration.ZERO, SECOND),
            () -> Backoff.doubling(SECOND.negated(), SECOND),
            () -> Backoff.doubling(MINUTE, SECOND),
            () -> new Backoff(SECOND, 0.5, MINUTE, 0),
            () -> new Backoff(SECOND, Double.NaN, MINUTE, 0),
            () -> new Backoff(SECOND, 2, MINUTE, 1),
            () -> new Backoff(SECOND, 2, MINUTE, -0.1))) {
      assertThatThrownBy(wrong::get)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("backoff");
    }
  }
}
