package dev.jlondiste.admin.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Wait wait = new Wait("rain", List::of);
  private int polls;

  private Optional<Integer> onPoll(int number) {
    polls++;
    return polls == number ? Optional.of(polls) : Optional.empty();
  }

  @Test
  void what_is_there_is_not_waited_for() throws Exception {
    assertThat(wait.every(LONG).forValue(() -> onPoll(1))).contains(1);
    assertThat(wait.every(LONG).atMost(Deadline.in(Duration.ZERO)).until(() -> true)).isTrue();
  }

  @Test
  void polls_until_the_value_is_there() throws Exception {
    assertThat(wait.every(Duration.ofMillis(1)).forValue(() -> onPoll(5))).contains(5);
    assertThat(polls).isEqualTo(5);
  }

  @Test
  void a_long_period_begins_with_short_pauses() throws Exception {
    assertThat(wait.every(LONG).forValue(() -> onPoll(4))).contains(4);
  }

  @Test
  void a_deadline_that_is_over_leaves_one_poll() throws Exception {
    assertThat(wait.every(LONG).atMost(Deadline.in(Duration.ZERO)).forValue(() -> onPoll(2)))
        .isEmpty();
    assertThat(polls).isEqualTo(1);
  }

  @Test
  void the_last_poll_comes_with_the_deadline_and_not_a_period_later() throws Exception {
    assertThat(wait.every(LONG).atMost(Deadline.in(Duration.ofMillis(20))).until(() -> false))
        .isFalse();
  }

  @Test
  void an_interrupt_ends_it() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> wait.every(LONG).until(() -> false))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void a_poll_that_fails_ends_it() {
    assertThatThrownBy(
            () ->
                wait.until(
                    () -> {
                      throw new SQLException("gone");
                    }))
        .hasMessage("gone");
  }

  @Test
  void obstacles_are_known_after_the_deadline() {
    assertThat(wait.obstacles()).isEmpty();
    assertThat(new Wait("rain", () -> List.of(new Obstacle("clouds", "2 clouds"))).obstacles())
        .containsExactly("2 clouds");
    WaitNotice.Causes blind =
        () -> {
          throw new UserError("dark\nnight", null);
        };
    assertThat(new Wait("rain", blind).obstacles()).containsExactly("cannot find out why: dark");
  }

  @Test
  void a_deadline_is_over_or_not() {
    assertThat(Deadline.in(Duration.ZERO).isOver()).isTrue();
    assertThat(Deadline.in(Duration.ZERO).remaining()).isZero();
    assertThat(Deadline.in(LONG).isOver()).isFalse();
    assertThat(Deadline.in(LONG).remaining()).isPositive().isLessThanOrEqualTo(LONG);
    assertThat(Deadline.never().isOver()).isFalse();
    assertThat(Deadline.never().remaining()).isGreaterThan(LONG);
  }
}
