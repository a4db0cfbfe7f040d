package dev.jlondiste.loop;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between failed attempts: {@code first} after the first failure, each next one {@code
 * factor} times as long, {@code max} at most. Each pause is shortened at random by up to the share
 * {@code jitter}, so that jobs that failed together when a server was restarted do not reconnect
 * together. Immutable; the caller counts the attempts.
 *
 * @param first positive
 * @param factor 1 for constant pauses, above 1 for growing pauses
 * @param max not less than {@code first}
 * @param jitter from 0 (always the full pause) to less than 1
 */
public record Backoff(Duration first, double factor, Duration max, double jitter) {
  /** Small enough that a reader of the log recognizes the pauses of 1, 2, 4, 8, … seconds. */
  public static final double DEFAULT_JITTER = 0.2;

  private static final Duration SECOND = Duration.ofSeconds(1);

  /**
   * Checks the parameters.
   *
   * @throws IllegalArgumentException if the pauses would be zero, or shrink
   */
  public Backoff {
    if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
      throw new IllegalArgumentException("backoff from " + first + " to " + max);
    }
    if (!(factor >= 1) || !(jitter >= 0 && jitter < 1)) {
      throw new IllegalArgumentException("backoff with factor " + factor + ", jitter " + jitter);
    }
  }

  /** Pauses that double from {@code first} to {@code max}. */
  public static Backoff doubling(Duration first, Duration max) {
    return new Backoff(first, 2, max, DEFAULT_JITTER);
  }

  /** Pauses of 1, 2, 4, 8, … seconds up to {@code max}; of one second if that is less. */
  public static Backoff upTo(Duration max) {
    return doubling(SECOND, max.compareTo(SECOND) < 0 ? SECOND : max);
  }

  /** Pauses of one length. */
  public static Backoff constant(Duration pause) {
    return new Backoff(pause, 1, pause, DEFAULT_JITTER);
  }

  /** The pause after the failed attempt {@code attempt}, counted from 1, without jitter. */
  public Duration longest(int attempt) {
    double nanos = first.toNanos() * Math.pow(factor, Math.max(attempt, 1) - 1.0);
    return nanos >= max.toNanos() ? max : Duration.ofNanos(Math.round(nanos));
  }

  /** The pause after the failed attempt {@code attempt}, counted from 1, with jitter. */
  public Duration pause(int attempt) {
    Duration longest = longest(attempt);
    double cut = ThreadLocalRandom.current().nextDouble() * jitter;
    return longest.minusNanos((long) (longest.toNanos() * cut));
  }
}
