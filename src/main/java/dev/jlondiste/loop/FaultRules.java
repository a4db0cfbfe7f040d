package dev.jlondiste.loop;

import java.util.Optional;

/**
 * The parts of a {@link RetryPolicy} that differ between jobs: the pauses, the log texts, and the
 * storage of failures. Called by the loop's thread only.
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

  /** Returns the texts for the log. Called once for each attempt, so it may count. */
  FaultReport report(FailedAttempt attempt);

  /**
   * Returns the reason why the loop has to end, which the implementation must log; empty if the
   * step is to be repeated.
   */
  default Optional<String> endsLoop(Exception failure) {
    return Optional.empty();
  }

  /** Called after the attempt was logged. */
  default void failed(FailedAttempt attempt) {}

  /** Called after a successful step. Returns false while the cause may still exist. */
  default boolean hasRecovered() {
    return true;
  }

  /**
   * Called at the first success after {@code count}, for example {@code 14 failed attempts, 3 min}.
   */
  default void recovered(String count) {}

  /** See {@link FaultPolicy#isPauseOver}. */
  default boolean isPauseOver() {
    return false;
  }
}
