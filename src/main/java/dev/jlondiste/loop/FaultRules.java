package dev.jlondiste.loop;

import java.util.Optional;

/**
 * What one job adds to {@link RetryPolicy}: its pauses, its words, and where else its failures are
 * stored. Called by the loop's thread only.
 */
public interface FaultRules {
  /**
   * Decides how long to pause. The parameters of the backoff may be read here, so that a reload
   * counts from the next failure.
   *
   * @param number failed attempts since the last successful step, with this one
   * @return empty if the failure no longer matters: the step is repeated at once, and nothing is
   *     logged
   */
  Optional<FailedAttempt> attempt(Exception failure, int number);

  /** The failure as the log shows it. Called once for each attempt, so it may count. */
  FaultReport report(FailedAttempt attempt);

  /** The reason why the loop has to end; empty: the step is repeated. It must log the reason. */
  default Optional<String> endsLoop(Exception failure) {
    return Optional.empty();
  }

  /** The attempt has been logged. */
  default void failed(FailedAttempt attempt) {}

  /** Asked after a successful step: false as long as the cause may not have been removed. */
  default boolean hasRecovered() {
    return true;
  }

  /** The first success after {@code count}, for instance {@code 14 failed attempts, 3 min}. */
  default void recovered(String count) {}

  /** See {@link FaultPolicy#isPauseOver}. */
  default boolean isPauseOver() {
    return false;
  }
}
