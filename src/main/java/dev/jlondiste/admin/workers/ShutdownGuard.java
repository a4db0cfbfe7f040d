package dev.jlondiste.admin.workers;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While this is open, Ctrl-C and SIGTERM interrupt the thread that opened it instead of leaving its
 * work where it is: the thread stops waiting, puts things back and closes this, and the JVM ends
 * after that. What must be put back even if the thread does not get there, because it waits for a
 * server, is the last resort: done by the shutdown itself after 10 s. Nothing helps against kill
 * -9.
 */
final class ShutdownGuard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShutdownGuard.class);
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);

  /** For what callers do on their way out, such as removing a pid file. */
  private static final long AFTERWARDS_MILLIS = 200;

  private final Thread guarded = Thread.currentThread();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "shutdown-guard");
  private final Runnable lastResort;
  private final Duration maxWait;

  ShutdownGuard(Runnable lastResort, Duration maxWait) {
    this.lastResort = lastResort;
    this.maxWait = maxWait;
  }

  /** Without a last resort. */
  static ShutdownGuard open() {
    return open(() -> log.warn("stopped before everything was put back"));
  }

  /** {@code lastResort} is run by another thread than this one, perhaps beside it. */
  static ShutdownGuard open(Runnable lastResort) {
    ShutdownGuard guard = new ShutdownGuard(lastResort, MAX_WAIT);
    Runtime.getRuntime().addShutdownHook(guard.hook);
    return guard;
  }

  /** What the shutdown of the JVM runs. */
  void onShutdown() {
    guarded.interrupt();
    try {
      if (closed.await(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
        guarded.join(AFTERWARDS_MILLIS);
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
