package dev.jlondiste.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a condition. */
final class Pause {
  /** Poll interval for a condition that ends a measurement. */
  static final Duration FINE = Duration.ofMillis(5);

  private Pause() {}

  interface Fact {
    boolean holds() throws Exception;
  }

  static void until(String what, Duration interval, Duration timeout, Fact fact) throws Exception {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!fact.holds()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("not " + what + " after " + timeout.toSeconds() + " s");
      }
      of(interval);
    }
  }

  static void of(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }
}
