package dev.jlondiste.admin.workers;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker that is paused while this object is open, and resumed when it is closed, also after an
 * error.
 *
 * <pre>{@code
 * try (PausedWorker paused = PausedWorker.pause(worker)) {
 *   paused.awaitConfirmation();
 *   ... // the worker is not in a batch: its position and its tables agree and do not change
 * }
 * }</pre>
 *
 * <ul>
 *   <li>Ctrl-C and SIGTERM interrupt the thread that opened it, which then closes it. If the thread
 *       does not do so within 10 s, because it waits for a server, the shutdown hook resumes the
 *       worker.
 *   <li>After kill -9, a crash, or when the node's database cannot be reached, the worker stays
 *       paused. {@code status} shows that, and the command {@code resume} resumes it. The changes
 *       of the root are kept for it meanwhile.
 * </ul>
 */
public final class PausedWorker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PausedWorker.class);

  private final WorkerControl worker;
  private final ShutdownGuard guard;
  private volatile boolean resumed;

  private PausedWorker(WorkerControl worker) {
    this.worker = worker;
    this.guard = ShutdownGuard.open(this::resumeFromHook);
  }

  /** Requests the worker to pause; does not wait until it has. */
  public static PausedWorker pause(WorkerControl worker) throws SQLException {
    PausedWorker paused = new PausedWorker(worker);
    try {
      worker.setPaused(true);
      return paused;
    } catch (SQLException e) {
      try (paused) {
        throw e; // the commit may have succeeded and only its reply was lost
      }
    } catch (UserError e) {
      paused.guard.close();
      throw e;
    }
  }

  /** Waits until the worker has paused. */
  public void awaitConfirmation() throws SQLException, InterruptedException {
    worker.awaitConfirmation(true);
  }

  /** Resumes the worker and waits until it has confirmed; {@link #close} then changes nothing. */
  public void resume() throws SQLException, InterruptedException {
    worker.setPaused(false);
    resumed = true;
    worker.awaitConfirmation(false);
  }

  /**
   * Runs a task even if the thread is interrupted. The interrupt is cleared for the task, because
   * an interrupted thread cannot connect, and restored afterwards.
   */
  public void undo(SqlTask task) throws SQLException {
    boolean interrupted = Thread.interrupted();
    try {
      task.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A task in a database. */
  @FunctionalInterface
  public interface SqlTask {
    void run() throws SQLException;
  }

  /**
   * Resumes the worker unless {@link #resume} has done so; does not wait until it has confirmed.
   */
  @Override
  public void close() throws SQLException {
    try {
      if (!resumed) {
        undo(() -> worker.setPaused(false));
        resumed = true;
      }
    } catch (SQLException | UserError e) {
      logStaysPaused(e);
      throw e;
    } finally {
      guard.close();
    }
  }

  private void resumeFromHook() {
    if (resumed) {
      return;
    }
    try {
      worker.setPaused(false);
    } catch (SQLException | RuntimeException e) {
      logStaysPaused(e);
    }
  }

  private void logStaysPaused(Exception failure) {
    log.warn(
        "worker {} stays paused, run 'resume' on node {}: {}",
        worker.worker().consumer(),
        worker.worker().node(),
        failure.getMessage());
  }
}
