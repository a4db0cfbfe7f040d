package dev.jlondiste.ticker;

import dev.jlondiste.metrics.Meters;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the work of the tickers of a process since the last statistics line. Thread-safe. */
public final class TickerCounts {
  private final Meters meters;
  private final AtomicLong ticks = new AtomicLong();
  private final AtomicLong maint = new AtomicLong();
  private final AtomicLong retry = new AtomicLong();

  public TickerCounts(Meters meters) {
    this.meters = meters;
  }

  /** Counts a call of the ticker, which inserted {@code ticks} ticks. */
  void ticked(String database, long ticks) {
    this.ticks.incrementAndGet();
    meters.ticks(database, ticks);
  }

  /** Counts a maintenance run. */
  void maintained() {
    maint.incrementAndGet();
  }

  void retried(long events) {
    retry.addAndGet(events);
  }

  /** Returns the statistics line, in pgqd's format, and resets the counters. */
  String takeLine() {
    return "{ticks: %d, maint: %d, retry: %d}"
        .formatted(ticks.getAndSet(0), maint.getAndSet(0), retry.getAndSet(0));
  }
}
