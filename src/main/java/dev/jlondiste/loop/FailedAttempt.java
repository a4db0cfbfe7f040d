package dev.jlondiste.loop;

import java.time.Duration;

/**
 * A failed attempt and the pause after it.
 *
 * @param number of the attempt since the last success, 1 or more
 * @param pause until the next attempt
 */
public record FailedAttempt(Exception failure, FaultKind kind, int number, Duration pause) {
  /** Classifies the failure by {@link FaultKind#of} and takes the pause from {@code backoff}. */
  public static FailedAttempt of(Exception failure, int number, Backoff backoff) {
    return new FailedAttempt(failure, FaultKind.of(failure), number, backoff.pause(number));
  }

  public String message() {
    return String.valueOf(failure.getMessage());
  }

  /** The pause for a log line, rounded. */
  public long pauseSeconds() {
    return Math.round(pause.toMillis() / 1000.0);
  }
}
