package dev.jlondiste.admin.workers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While this object is open, Ctrl-C and SIGTERM interrupt the thread that opened it instead of
 * ending the JVM immediately. The thread stops waiting, undoes its changes and closes this object;
 * then the JVM ends. If the thread does not do so within 10 s, because it waits for a server, the
 * shutdown hook runs the last resort, which undoes what must not stay. There is no protection
 * against kill -9.
 */
final class ShutdownGuard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShutdownGuard.class);
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);

  /** Time for the cleanup of the callers, such as removing a pid file. */
  private static final long CLEANUP_MILLIS = 200;

  private final Thread guarded = Thread.currentThread();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "shutdown-guard");
  private final Runnable lastResort;
  private final Duration maxWait;

  ShutdownGuard(Runnable lastResort, Duration maxWait) {
    this.lastResort = lastResort;
    this.maxWait = maxWait;
  }

  /** Opens a guard whose last resort only logs a warning. */
  static ShutdownGuard open() {
    return open(() -> log.warn("stopped before all changes were undone"));
  }

  /**
   * Opens a guard. {@code lastResort} runs on another thread, possibly at the same time as this
   * one.
   */
  static ShutdownGuard open(Runnable lastResort) {
    ShutdownGuard guard = new ShutdownGuard(lastResort, MAX_WAIT);
    Runtime.getRuntime().addShutdownHook(guard.hook);
    return guard;
  }

  /** The body of the shutdown hook. */
  void onShutdown() {
    guarded.interrupt();
    try {
      if (closed.await(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
        guarded.join(CLEANUP_MILLIS);
      } else {
        lastResort.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("shutting down");
    }
  }
}
