package dev.jlondiste.loop;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A stop request. All pauses wait on it, so that a stop takes effect at once. Thread-safe. */
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

  /** Waits for {@code pause}; returns true as soon as a stop is requested. */
  public boolean await(Duration pause) throws InterruptedException {
    return latch.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Creates a signal for a part of the work. It is requested together with this signal, and can be
   * requested alone. Call {@link #detachFrom} if the part ends before the whole.
   */
  public StopSignal child() {
    StopSignal child = new StopSignal();
    whenRequested(child.asListener);
    return child;
  }

  /** Ends the relation that {@link #child} created. */
  public void detachFrom(StopSignal parent) {
    parent.forget(asListener);
  }

  /**
   * Runs {@code listener} when a stop is requested, or at once if it already was. The listener must
   * not block.
   */
  public void whenRequested(Runnable listener) {
    listeners.add(listener);
    if (isRequested()) {
      listener.run();
    }
  }

  /** Ends the effect of {@link #whenRequested}. */
  public void forget(Runnable listener) {
    listeners.remove(listener);
  }

  private final Runnable asListener = this::request;
}
