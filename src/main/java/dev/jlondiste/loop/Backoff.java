package dev.jlondiste.loop;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The pauses between failed attempts: {@code first} after the first failure, each next one {@code
 * factor} times as long, {@code max} at most. A pause is shortened at random by up to the share
 * {@code jitter}: jobs that failed together, because one server was restarted, must not come back
 * together. Immutable; the caller counts the attempts.
 *
 * @param first positive
 * @param factor 1 for pauses that do not grow, more otherwise
 * @param max not less than {@code first}
 * @param jitter from 0, always the full pause, to less than 1
 */
public record Backoff(Duration first, double factor, Duration max, double jitter) {
  /** Small enough that the pauses in the log are still 1, 2, 4, 8, … seconds to a reader. */
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

  /** The pause to make after the failed attempt {@code attempt}, counted from 1. */
  public Duration pause(int attempt) {
    Duration longest = longest(attempt);
    double cut = ThreadLocalRandom.current().nextDouble() * jitter;
    return longest.minusNanos((long) (longest.toNanos() * cut));
  }
}
