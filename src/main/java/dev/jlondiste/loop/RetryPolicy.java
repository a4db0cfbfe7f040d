package dev.jlondiste.loop;

import java.util.Optional;

/**
 * The one way in which the daemon's jobs repeat what failed: count the attempts, pause as {@link
 * Backoff} says, log as {@link FaultLog} does, begin again after a success. What differs from job
 * to job is its {@link FaultRules}. Used by one loop.
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
