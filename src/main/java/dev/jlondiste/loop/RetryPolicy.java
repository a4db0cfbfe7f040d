package dev.jlondiste.loop;

import java.util.Optional;

/**
 * The retry policy of all jobs of the daemon: it counts the failed attempts, pauses according to
 * {@link Backoff}, logs by {@link FaultLog}, and resets after a success. The {@link FaultRules} of
 * a job supply what differs. Used by one loop.
 */
public final class RetryPolicy implements FaultPolicy {
  private final FaultRules rules;
  private final FaultLog log;
  private int failures;

  public RetryPolicy(FaultRules rules, FaultLog log) {
    this.rules = rules;
    this.log = log;
  }

  @Override
  public Reaction onFailure(Exception failure) {
    Optional<String> end = rules.endsLoop(failure);
    if (end.isPresent()) {
      return Reaction.giveUp(end.get());
    }
    failures++;
    Optional<FailedAttempt> attempt = rules.attempt(failure, failures);
    if (attempt.isEmpty()) {
      return Reaction.retryNow();
    }
    log.failed(failure, rules.report(attempt.get()));
    rules.failed(attempt.get());
    return Reaction.retryAfter(attempt.get().pause());
  }

  @Override
  public void onSuccess() {
    failures = 0;
    if (rules.hasRecovered()) {
      log.succeeded().ifPresent(rules::recovered);
    }
  }

  @Override
  public boolean isPauseOver() {
    return rules.isPauseOver();
  }
}
