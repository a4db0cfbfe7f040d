package dev.jlondiste.admin.compare;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the same on both sides of a comparison at once. Thread-safe. */
final class BothSides implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "source of a comparison");
            thread.setDaemon(true);
            return thread;
          });

  /** What was returned on each side. */
  record Results<T>(T source, T local) {}

  /** Work on one side. */
  @FunctionalInterface
  interface Work<T> {
    T on(Side side) throws SQLException;
  }

  /** Returns when both sides have ended, also if one of them failed. */
  <T> Results<T> call(Work<T> work) throws SQLException, InterruptedException {
    Future<T> source = threads.submit(() -> work.on(Side.SOURCE));
    T local;
    try {
      local = work.on(Side.LOCAL);
    } catch (SQLException | RuntimeException e) {
      ended(source, e);
      throw e;
    }
    return new Results<>(result(source), local);
  }

  private static void ended(Future<?> work, Exception failure) throws InterruptedException {
    try {
      result(work);
    } catch (SQLException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Waits for the result of a thread, or throws what it has thrown. */
  static <T> T result(Future<T> work) throws SQLException, InterruptedException {
    try {
      return work.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
