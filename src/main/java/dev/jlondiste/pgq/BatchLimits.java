package dev.jlondiste.pgq;

import org.jspecify.annotations.Nullable;

/**
 * The size of batch that a consumer requests. The server ignores it while a batch is open.
 *
 * @param minLag PostgreSQL interval by which the consumer stays behind the newest tick; null: no
 *     lag
 * @param minCount minimum number of events in a batch; null: no minimum
 * @param minInterval minimum time span of a batch, a PostgreSQL interval; null: no minimum
 */
public record BatchLimits(
    @Nullable String minLag, @Nullable Integer minCount, @Nullable String minInterval) {
  /** Requests the next tick, with any number of events. */
  public static final BatchLimits NEXT_TICK = new BatchLimits(null, null, null);

  /**
   * Waits for about {@code events} events or until the ticks span {@code interval}, whichever comes
   * first.
   *
   * @param interval PostgreSQL interval; null: wait for the events without a time limit
   */
  public static BatchLimits atLeast(int events, @Nullable String interval) {
    return new BatchLimits(null, events, interval);
  }

  /** Stays behind the newest tick by {@code lag}, a PostgreSQL interval. */
  public static BatchLimits behind(String lag) {
    return new BatchLimits(lag, null, null);
  }

  /** Returns limits with the same lag that do not merge ticks. */
  public BatchLimits unmerged() {
    return new BatchLimits(minLag, null, null);
  }
}
