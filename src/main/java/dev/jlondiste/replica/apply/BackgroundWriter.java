package dev.jlondiste.replica.apply;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Writes in a thread of its own while the next changes are collected, one piece at a time. Used by
 * one thread, which leaves the connection alone until it has waited for the end.
 */
final class BackgroundWriter {
  /** Something that uses the connection. */
  @FunctionalInterface
  interface Work {
    void run() throws SQLException;
  }

  private @Nullable FutureTask<@Nullable Void> running;

  /** Whether there is nothing to wait for. */
  boolean isIdle() {
    return running == null || running.isDone();
  }

  /** Waits for what runs; throws what became of that, and then starts nothing. */
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

  /** Throws what has failed, once. An interrupt is kept for later: statements end by themselves. */
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
