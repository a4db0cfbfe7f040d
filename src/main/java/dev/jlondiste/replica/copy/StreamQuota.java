package dev.jlondiste.replica.copy;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The streams of rows that one table's copy may have, out of {@code parallel_copies}. What it does
 * not need, or not any more, another table may have. Thread-safe.
 */
final class StreamQuota {
  private final int granted;
  private final AtomicInteger held;
  private final Runnable whenLess;

  /** {@code whenLess} is called when streams became free; it must not wait. */
  StreamQuota(int granted, Runnable whenLess) {
    this.granted = granted;
    this.held = new AtomicInteger(granted);
    this.whenLess = whenLess;
  }

  int granted() {
    return granted;
  }

  int held() {
    return held.get();
  }

  /** More than before only when a copy starts over. */
  void hold(int streams) {
    if (held.getAndSet(streams) > streams) {
      whenLess.run();
    }
  }
}
