package dev.jlondiste.admin.waiting;

import java.time.Duration;

/** The moment at which a wait is given up; {@link #never()} has none. Immutable. */
public final class Deadline {
  private static final Deadline NEVER = new Deadline(0, true);
  private static final Duration ENDLESS = Duration.ofDays(36_500);

  private final long nanos;
  private final boolean endless;

  private Deadline(long nanos, boolean endless) {
    this.nanos = nanos;
    this.endless = endless;
  }

  /** Counts from now; over at once for zero. */
  public static Deadline in(Duration length) {
    return new Deadline(System.nanoTime() + length.toNanos(), false);
  }

  public static Deadline never() {
    return NEVER;
  }

  public boolean isOver() {
    return !endless && System.nanoTime() - nanos >= 0;
  }

  /** Zero when it is over. */
  public Duration remaining() {
    return endless ? ENDLESS : Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }
}
