package dev.jlondiste.admin.waiting;

import java.time.Duration;

/** The time at which a wait ends without success; {@link #never()} has none. Immutable. */
public final class Deadline {
  private static final Deadline NEVER = new Deadline(0, true);
  private static final Duration UNLIMITED = Duration.ofDays(36_500);

  private final long nanos;
  private final boolean isUnlimited;

  private Deadline(long nanos, boolean isUnlimited) {
    this.nanos = nanos;
    this.isUnlimited = isUnlimited;
  }

  /** A deadline {@code length} from now; zero is over immediately. */
  public static Deadline in(Duration length) {
    return new Deadline(System.nanoTime() + length.toNanos(), false);
  }

  public static Deadline never() {
    return NEVER;
  }

  public boolean isOver() {
    return !isUnlimited && System.nanoTime() - nanos >= 0;
  }

  /** The remaining time; zero if the deadline is over. */
  public Duration remaining() {
    return isUnlimited ? UNLIMITED : Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }
}
