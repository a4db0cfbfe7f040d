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
 * One life of a consumer, from a start to a stop. The thread that calls {@link #run} is the
 * consumer's; listening for ticks has one of its own. Everything else is thread-safe.
 */
final class ConsumerRun implements Runnable {
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(ConsumerRun.class);

  private final String name;
  private final StopSignal stop = new StopSignal();
  private final Loop worker;
  private final @Nullable Loop watch;
  private final CountDownLatch over = new CountDownLatch(1);
  private @Nullable Thread thread; // while it can be interrupted; guarded by this
  private boolean interrupted; // by us; guarded by this

  /**
   * Made by functions because both loops stop with this run.
   *
   * @param makeWatch gives null when nobody listens
   */
  ConsumerRun(
      String name,
      Function<StopSignal, Loop> makeWorker,
      Function<Loop, @Nullable Loop> makeWatch) {
    this.name = name;
    this.worker = makeWorker.apply(stop);
    this.watch = makeWatch.apply(worker);
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
      over.countDown();
    }
  }

  /** The interrupt that {@link #stop} sent is not the caller's of {@link #run}. */
  private synchronized void clearInterrupt() {
    thread = null;
    if (interrupted) {
      Thread.interrupted();
    }
  }

  private void awaitEnd(Loops watching) {
    try {
      if (!watching.awaitEnd(AFTER_INTERRUPT)) {
        log.warn("{}: the thread that listens for ticks does not end", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isOver() {
    return over.getCount() == 0;
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
        return; // a handler or listener: it cannot wait for itself
      }
    }
    if (over.await(grace.toNanos(), TimeUnit.NANOSECONDS)) {
      return;
    }
    interrupt();
    if (!over.await(AFTER_INTERRUPT.toNanos(), TimeUnit.NANOSECONDS)) {
      log.warn("{}: the handler does not react to an interrupt, not waiting for it", name);
    }
  }

  private synchronized void interrupt() {
    if (thread != null) {
      log.info("{}: the batch takes too long, rolling it back", name);
      interrupted = true;
      thread.interrupt();
    }
  }
}
