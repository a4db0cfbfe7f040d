package dev.jlondiste.replica.apply;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Writes in a thread of its own while the next changes are buffered, one piece of work at a time.
 * Used by one thread, which does not use the connection until {@link #await} has returned.
 */
final class BackgroundWriter {
  /** A task that uses the connection. */
  @FunctionalInterface
  interface Work {
    void run() throws SQLException;
  }

  private @Nullable FutureTask<@Nullable Void> running;

  /** True if {@link #await} would return at once. */
  boolean isIdle() {
    return running == null || running.isDone();
  }

  /**
   * Waits for the running task, then starts {@code work}. If the running task failed, throws its
   * failure and starts nothing.
   */
  void start(Work work) throws SQLException {
    await();
    FutureTask<@Nullable Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread thread = new Thread(task, Thread.currentThread().getName() + "-writer");
    thread.setDaemon(true);
    thread.start();
    running = task;
  }

  /**
   * Waits for the running task and throws its failure once. An interrupt does not end the wait; the
   * thread's interrupt status is set again afterwards.
   */
  void await() throws SQLException {
    FutureTask<@Nullable Void> task = running;
    if (task == null) {
      return;
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw failure(e.getCause());
        }
      }
    } finally {
      running = null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static SQLException failure(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    return cause instanceof SQLException e ? e : new SQLException("writing failed", cause);
  }
}
