package dev.jlondiste.loop;

import java.time.Duration;

/**
 * One attempt that failed, and what follows.
 *
 * @param number of the attempt since the last success, 1 or more
 * @param pause until the next attempt
 */
public record FailedAttempt(Exception failure, FaultKind kind, int number, Duration pause) {
  /** Classified by {@link FaultKind#of}, the pause taken from {@code backoff}. */
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
