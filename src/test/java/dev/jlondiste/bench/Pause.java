package dev.jlondiste.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for a fact, at a fine grain where a measured time ends with it. */
final class Pause {
  /** How often a fact that ends a measurement is looked for. */
  static final Duration FINE = Duration.ofMillis(5);

  private Pause() {}

  interface Fact {
    boolean holds() throws Exception;
  }

  static void until(String what, Duration interval, Duration patience, Fact fact) throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!fact.holds()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("not " + what + " after " + patience.toSeconds() + " s");
      }
      of(interval);
    }
  }

  static void of(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }
}
