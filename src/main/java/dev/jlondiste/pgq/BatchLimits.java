package dev.jlondiste.pgq;

import org.jspecify.annotations.Nullable;

/**
 * How large a batch the consumer would like; ignored while a batch is open.
 *
 * @param minLag PostgreSQL interval to stay behind the queue's head; null: none
 * @param minCount events a batch should have at least; null: any
 * @param minInterval PostgreSQL interval a batch should span at least; null: any
 */
public record BatchLimits(
    @Nullable String minLag, @Nullable Integer minCount, @Nullable String minInterval) {
  /** The next tick, whatever it holds. */
  public static final BatchLimits NEXT_TICK = new BatchLimits(null, null, null);

  /**
   * Wait until there are about so many events, or the ticks span {@code interval}, whichever is
   * first.
   *
   * @param interval PostgreSQL interval; null: wait for the events however long it takes
   */
  public static BatchLimits atLeast(int events, @Nullable String interval) {
    return new BatchLimits(null, events, interval);
  }

  /** Stay behind the queue's head: events become visible when they are that old. */
  public static BatchLimits behind(String lag) {
    return new BatchLimits(lag, null, null);
  }

  /** The same lag, but tick by tick. */
  public BatchLimits unmerged() {
    return new BatchLimits(minLag, null, null);
  }
}
