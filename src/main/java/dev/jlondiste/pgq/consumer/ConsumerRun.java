package dev.jlondiste.pgq.consumer;

import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.StopSignal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run of a consumer from its start to its stop. The thread that calls {@link #run} becomes the
 * consumer's thread; another thread listens for ticks. All other methods are thread-safe.
 */
final class ConsumerRun implements Runnable {
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(ConsumerRun.class);

  private final String name;
  private final StopSignal stop = new StopSignal();
  private final Loop worker;
  private final @Nullable Loop watch;
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable Thread thread; // null if it must not be interrupted; guarded by this
  private boolean isInterrupted; // by us; guarded by this

  /**
   * Creates the loops with functions, because both use the stop signal of this run.
   *
   * @param createWatch returns null if the consumer does not listen for ticks
   */
  ConsumerRun(
      String name,
      Function<StopSignal, Loop> createWorker,
      Function<Loop, @Nullable Loop> createWatch) {
    this.name = name;
    this.worker = createWorker.apply(stop);
    this.watch = createWatch.apply(worker);
  }

  @Override
  public void run() {
    Loops watching = new Loops(stop, end -> {});
    synchronized (this) {
      thread = Thread.currentThread();
    }
    try {
      if (watch != null) {
        watching.start(watch);
      }
      worker.run();
    } finally {
      stop.request();
      clearInterrupt();
      awaitEnd(watching);
      ended.countDown();
    }
  }

  /** Clears an interrupt sent by {@link #stop}: the caller of {@link #run} must not see it. */
  private synchronized void clearInterrupt() {
    thread = null;
    if (isInterrupted) {
      Thread.interrupted();
    }
  }

  private void awaitEnd(Loops watching) {
    try {
      if (!watching.awaitEnd(AFTER_INTERRUPT)) {
        log.warn("{}: the thread that listens for ticks did not end", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  void requestStop() {
    stop.request();
  }

  void wakeUp() {
    worker.retryNow();
  }

  /** As {@link QueueConsumer#stop}. */
  void stop(Duration grace) throws InterruptedException {
    stop.request();
    synchronized (this) {
      if (thread == Thread.currentThread()) {
        return; // called by a handler or listener, which cannot wait for itself
      }
    }
    if (ended.await(grace.toNanos(), TimeUnit.NANOSECONDS)) {
      return;
    }
    interrupt();
    if (!ended.await(AFTER_INTERRUPT.toNanos(), TimeUnit.NANOSECONDS)) {
      log.warn("{}: the handler did not react to an interrupt, no longer waiting for it", name);
    }
  }

  private synchronized void interrupt() {
    if (thread != null) {
      log.info("{}: the batch did not end within the grace period, rolling it back", name);
      isInterrupted = true;
      thread.interrupt();
    }
  }
}
