package dev.jlondiste.ticker;

import dev.jlondiste.metrics.Meters;
import java.util.concurrent.atomic.AtomicLong;

/** What the tickers of a process have done since the last statistics line. Thread-safe. */
public final class TickerCounts {
  private final Meters meters;
  private final AtomicLong ticks = new AtomicLong();
  private final AtomicLong maint = new AtomicLong();
  private final AtomicLong retry = new AtomicLong();

  public TickerCounts(Meters meters) {
    this.meters = meters;
  }

  /** The ticker was called; {@code made} queues got a tick. */
  void ticked(String database, long made) {
    ticks.incrementAndGet();
    meters.ticks(database, made);
  }

  /** The list of maintenance operations was worked off. */
  void maintained() {
    maint.incrementAndGet();
  }

  void retried(long events) {
    retry.addAndGet(events);
  }

  /** The line that operators know; counting starts anew. */
  String takeLine() {
    return "{ticks: %d, maint: %d, retry: %d}"
        .formatted(ticks.getAndSet(0), maint.getAndSet(0), retry.getAndSet(0));
  }
}
