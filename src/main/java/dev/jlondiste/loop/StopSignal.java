package dev.jlondiste.loop;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The one thing that waiting threads wait on, so that stopping is prompt. Thread-safe. */
public final class StopSignal {
  private final CountDownLatch latch = new CountDownLatch(1);

  public void request() {
    latch.countDown();
  }

  public boolean isRequested() {
    return latch.getCount() == 0;
  }

  /** Returns true when a stop was requested before {@code pause} was over. */
  public boolean await(Duration pause) throws InterruptedException {
    return latch.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }
}
