package dev.jlondiste.admin;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While this is open, Ctrl-C and SIGTERM interrupt the thread that opened it instead of leaving its
 * work where it is: it stops waiting, puts things back and closes this, and the JVM ends after
 * that.
 */
public final class ShutdownGuard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ShutdownGuard.class);
  private static final long MAX_SECONDS = 10;

  /** For what callers do on their way out, such as removing a pid file. */
  private static final long AFTERWARDS_MILLIS = 200;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "clean-end");

  private ShutdownGuard() {}

  public static ShutdownGuard open() {
    ShutdownGuard end = new ShutdownGuard();
    Runtime.getRuntime().addShutdownHook(end.hook);
    return end;
  }

  private void onShutdown() {
    worker.interrupt();
    try {
      if (closed.await(MAX_SECONDS, TimeUnit.SECONDS)) {
        worker.join(AFTERWARDS_MILLIS);
      } else {
        log.warn("stopped before everything was put back");
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
