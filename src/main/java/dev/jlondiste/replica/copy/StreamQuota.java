package dev.jlondiste.replica.copy;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The number of row streams that one table's copy may use, out of {@code parallel_copies}. Streams
 * that it does not use are available to other tables. Thread-safe.
 */
final class StreamQuota {
  private final int granted;
  private final AtomicInteger held;
  private final Runnable onRelease;

  /** {@code onRelease} is called when streams become free; it must not block. */
  StreamQuota(int granted, Runnable onRelease) {
    this.granted = granted;
    this.held = new AtomicInteger(granted);
    this.onRelease = onRelease;
  }

  int granted() {
    return granted;
  }

  int held() {
    return held.get();
  }

  /** Sets the number of used streams; it increases only when a copy starts over. */
  void hold(int streams) {
    if (held.getAndSet(streams) > streams) {
      onRelease.run();
    }
  }
}
