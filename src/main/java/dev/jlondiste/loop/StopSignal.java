package dev.jlondiste.loop;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The one thing that waiting threads wait on, so that stopping is prompt. Thread-safe. */
public final class StopSignal {
  private final CountDownLatch latch = new CountDownLatch(1);
  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();

  public void request() {
    latch.countDown();
    listeners.forEach(Runnable::run);
  }

  public boolean isRequested() {
    return latch.getCount() == 0;
  }

  /** Returns true when a stop was requested before {@code pause} was over. */
  public boolean await(Duration pause) throws InterruptedException {
    return latch.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * A signal for a part of what this one stops: it is requested with this one, and can be requested
   * alone. {@link #detachFrom} when the part is gone before the whole.
   */
  public StopSignal child() {
    StopSignal child = new StopSignal();
    whenRequested(child.asListener);
    return child;
  }

  /** Ends the tie that {@link #child} made. */
  public void detachFrom(StopSignal parent) {
    parent.forget(asListener);
  }

  /** Runs {@code listener} when a stop is requested, at once if it was; it must not wait. */
  void whenRequested(Runnable listener) {
    listeners.add(listener);
    if (isRequested()) {
      listener.run();
    }
  }

  void forget(Runnable listener) {
    listeners.remove(listener);
  }

  private final Runnable asListener = this::request;
}
