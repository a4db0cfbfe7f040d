package dev.jlondiste.loop;

import java.time.Duration;

/** Pauses that double from {@code first} to {@code longest}. Used by one thread only. */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  public Backoff(Duration first, Duration longest) {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("backoff from " + first + " to " + longest);
    }
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** The pause to make now; the next one is twice as long. */
  public Duration next() {
    Duration pause = next;
    Duration doubled = pause.multipliedBy(2);
    next = doubled.compareTo(longest) > 0 ? longest : doubled;
    return pause;
  }

  /** After a success: the next failure is the first one again. */
  public void reset() {
    next = first;
  }
}
