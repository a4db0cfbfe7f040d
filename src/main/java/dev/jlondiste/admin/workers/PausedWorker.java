package dev.jlondiste.admin.workers;

import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker that is paused while this is open, and resumed when it is closed, whatever happens in
 * between.
 *
 * <pre>{@code
 * try (PausedWorker paused = PausedWorker.pause(worker)) {
 *   paused.awaitConfirmation();
 *   ... // the worker is in no batch: its position and its tables agree, and stay
 * }
 * }</pre>
 *
 * <ul>
 *   <li>Ctrl-C and SIGTERM interrupt the thread that opened it, which closes it on its way out. A
 *       thread that does not get there within 10 s, because it waits for a server, is not waited
 *       for any longer: the worker is resumed without it.
 *   <li>After kill -9, a crash, or when the node's database cannot be reached, the worker stays
 *       paused. {@code status} shows that, and the command {@code resume} ends it. Changes of the
 *       root are kept for it meanwhile.
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

  /** Asks the worker to pause, and does not wait for it. */
  public static PausedWorker pause(WorkerControl worker) throws SQLException {
    PausedWorker paused = new PausedWorker(worker);
    try {
      worker.setPaused(true);
      return paused;
    } catch (SQLException e) {
      try (paused) {
        throw e; // the commit's reply may be what was lost
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

  /** Resumes the worker, waits until it has confirmed, and leaves nothing for {@link #close}. */
  public void resume() throws SQLException, InterruptedException {
    worker.setPaused(false);
    resumed = true;
    worker.awaitConfirmation(false);
  }

  /** Runs what has to be undone even if the thread is interrupted, and then cannot connect. */
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

  /** Something to do in a database. */
  @FunctionalInterface
  public interface SqlTask {
    void run() throws SQLException;
  }

  /** Resumes the worker unless that is done, and does not wait for it. */
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
