package dev.jlondiste.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class RetryPolicyTest {
  private static final Logger log = LoggerFactory.getLogger(RetryPolicyTest.class);
  private final SQLException away = new SQLException("server is away", "08001");

  private final List<Integer> numbers = new ArrayList<>();
  private final List<String> recoveries = new ArrayList<>();
  private Duration longest = Duration.ofSeconds(8);
  private boolean isRecovered = true;
  private boolean isWanted = true;

  private final RetryPolicy policy =
      new RetryPolicy(
          new Rules(), new FaultLog(log, "test:", Duration.ofMinutes(1), Clock.systemUTC()));

  private final class Rules implements FaultRules {
    @Override
    public Optional<FailedAttempt> attempt(Exception failure, int number) {
      Backoff backoff = new Backoff(Duration.ofSeconds(1), 2, longest, 0);
      return isWanted ? Optional.of(FailedAttempt.of(failure, number, backoff)) : Optional.empty();
    }

    @Override
    public FaultReport report(FailedAttempt attempt) {
      return FaultReport.of(Level.DEBUG, attempt.message(), attempt.message());
    }

    @Override
    public Optional<String> endsLoop(Exception failure) {
      return failure instanceof UserError wrong ? Optional.of(wrong.problem()) : Optional.empty();
    }

    @Override
    public void failed(FailedAttempt attempt) {
      numbers.add(attempt.number());
    }

    @Override
    public boolean hasRecovered() {
      return isRecovered;
    }

    @Override
    public void recovered(String count) {
      recoveries.add(count);
    }
  }

  private long pauseSeconds() {
    return policy.onFailure(away).pause().toSeconds();
  }

  @Test
  void pauses_grow_with_the_attempts_until_a_success() {
    assertThat(List.of(pauseSeconds(), pauseSeconds(), pauseSeconds())).containsExactly(1L, 2L, 4L);
    policy.onSuccess();
    assertThat(pauseSeconds()).isEqualTo(1);
    assertThat(numbers).containsExactly(1, 2, 3, 1);
  }

  @Test
  void a_reload_counts_from_the_next_failure() {
    for (int i = 0; i < 10; i++) {
      pauseSeconds();
    }
    longest = Duration.ofSeconds(2);
    assertThat(pauseSeconds()).isEqualTo(2);
  }

  @Test
  void a_fatal_failure_ends_the_loop() {
    assertThat(policy.onFailure(new UserError("Unknown queue: q", null)).giveUpReason())
        .contains("Unknown queue: q");
    assertThat(numbers).isEmpty();
  }

  @Test
  void an_irrelevant_failure_is_repeated_at_once() {
    isWanted = false;
    assertThat(policy.onFailure(away)).isEqualTo(Reaction.retryNow());
    assertThat(numbers).isEmpty();
  }

  @Test
  void a_recovery_is_reported_once_and_only_without_the_cause() {
    pauseSeconds();
    isRecovered = false;
    policy.onSuccess();
    assertThat(recoveries).isEmpty();
    isRecovered = true;
    policy.onSuccess();
    policy.onSuccess();
    assertThat(recoveries).singleElement().asString().startsWith("1 failed attempt, ");
  }

  @Test
  void a_failed_attempt_is_classified_and_its_pause_rounded() {
    FailedAttempt attempt =
        new FailedAttempt(away, FaultKind.of(away), 1, Duration.ofMillis(3_600));
    assertThat(attempt.kind()).isEqualTo(FaultKind.CONNECTION);
    assertThat(attempt.pauseSeconds()).isEqualTo(4);
  }
}
