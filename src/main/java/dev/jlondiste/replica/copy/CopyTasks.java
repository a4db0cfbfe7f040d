package dev.jlondiste.replica.copy;

import dev.jlondiste.loop.LogSubject;
import dev.jlondiste.loop.StopSignal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that run the parts of one copy. When a part fails, the others are stopped, because the
 * whole attempt has failed. Used by the copy's thread only.
 */
final class CopyTasks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CopyTasks.class);
  private static final int LOOK_EVERY_S = 1;
  private static final int PATIENCE_S = 30;

  private final String name;
  private final StopSignal whole;
  private final StopSignal stop;
  private final ExecutorService threads;

  CopyTasks(String name, int width, StopSignal whole) {
    this.name = name;
    this.whole = whole;
    this.stop = whole.child();
    this.threads =
        Executors.newFixedThreadPool(
            width,
            work -> {
              Thread thread = new Thread(LogSubject.inherit(work), name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Requested when the copy has to stop or a part of it has failed. */
  StopSignal stop() {
    return stop;
  }

  /**
   * Runs all parts and waits for them.
   *
   * @param isWanted called periodically; false stops the parts
   * @return false if a part, or {@code isWanted}, returned false
   */
  boolean run(List<Callable<Boolean>> parts, Callable<Boolean> isWanted)
      throws SQLException, InterruptedException {
    CompletionService<Boolean> ended = new ExecutorCompletionService<>(threads);
    List<Future<Boolean>> all = new ArrayList<>();
    parts.forEach(part -> all.add(ended.submit(part)));
    int missing = all.size();
    while (missing > 0) {
      Future<Boolean> next = ended.poll(LOOK_EVERY_S, TimeUnit.SECONDS);
      if (next == null) {
        if (!call(isWanted)) {
          return false;
        }
      } else if (!result(next)) {
        return false;
      } else {
        missing--;
      }
    }
    return true;
  }

  private static boolean call(Callable<Boolean> question)
      throws SQLException, InterruptedException {
    try {
      return question.call();
    } catch (SQLException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean result(Future<Boolean> ended) throws SQLException, InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      if (e.getCause() instanceof InterruptedException stopped) {
        throw stopped;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** False while a part still uses its connections; possible after {@link #close} has returned. */
  boolean haveEnded() {
    return threads.isTerminated();
  }

  /** Stops the parts and waits for them, because the next attempt would block on their locks. */
  @Override
  public void close() {
    stop.request();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)) {
        log.warn("{}: a part of the copy does not end, not waiting for it", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stop.detachFrom(whole);
    }
  }
}
