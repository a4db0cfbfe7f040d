package dev.jlondiste.admin.workers;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.FailingWorker;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.cascade.Reply;
import dev.jlondiste.cascade.UnknownConsumer;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses and resumes one worker of any node. The command sets a flag in the node, and the worker
 * confirms it. A worker that has confirmed a pause is not in a batch. {@link PausedWorker} pauses a
 * worker for the time of a task and resumes it also after an error.
 */
public final class WorkerControl {
  private static final Logger log = LoggerFactory.getLogger(WorkerControl.class);

  private final Cascade cascade;
  private final WorkerId worker;
  private final Consumer<Reply> check;
  private final Optional<Duration> patience;

  /** Logs the replies of the node with its name before them. */
  public WorkerControl(Cascade cascade, WorkerId worker) {
    this(cascade, worker, reply -> Replies.check(worker.node(), reply), Optional.empty());
  }

  private WorkerControl(
      Cascade cascade, WorkerId worker, Consumer<Reply> check, Optional<Duration> patience) {
    this.cascade = cascade;
    this.worker = worker;
    this.check = check;
    this.patience = patience;
  }

  /** Logs the replies of the node without its name. */
  public static WorkerControl ofProvider(Cascade cascade, WorkerId worker) {
    return new WorkerControl(cascade, worker, Replies::check, Optional.empty());
  }

  /** The same, but a worker that has not answered after {@code patience} is an error. */
  public WorkerControl answeringWithin(Duration patience) {
    return new WorkerControl(cascade, worker, check, Optional.of(patience));
  }

  public WorkerId worker() {
    return worker;
  }

  /** Pauses the worker and waits until it has confirmed. */
  public void pause() throws SQLException, InterruptedException {
    switchTo(true);
  }

  /** Resumes the worker and waits until it has confirmed. */
  public void resume() throws SQLException, InterruptedException {
    switchTo(false);
  }

  /** Sets the flag and waits. Ctrl-C ends the wait and logs that the flag stays set. */
  private void switchTo(boolean paused) throws SQLException, InterruptedException {
    ShutdownGuard guard = ShutdownGuard.open();
    try {
      setPaused(paused);
      awaitConfirmation(paused);
    } finally {
      guard.close();
    }
  }

  /** Sets the flag; does not wait. */
  void setPaused(boolean paused) throws SQLException {
    cascade.call(
        worker.node(),
        db -> {
          check.accept(
              NodeFunctions.setConsumerPaused(db, cascade.queue(), worker.consumer(), paused));
          // A worker that does not run cannot confirm.
          return !paused
              && NodeLock.isHeld(db, cascade.queue(), worker.consumer())
              && FailingWorker.retryNow(db, cascade.queue(), worker.consumer());
        });
  }

  /** Waits until the worker has confirmed the flag. */
  void awaitConfirmation(boolean paused) throws SQLException, InterruptedException {
    String newState = paused ? "paused" : "resumed";
    log.info("Waiting for worker to accept");
    try {
      boolean answered =
          new Wait(
                  "worker "
                      + worker.consumer()
                      + " to answer (Ctrl-C ends the wait, the flag stays set)",
                  () -> new NodeObstacles(cascade).ofWorker(worker.node(), worker.consumer()))
              .atMost(patience.map(Deadline::in).orElse(Deadline.never()))
              .until(() -> isConfirmed(paused));
      if (!answered) {
        throw new UserError(
            "worker '%s' of node '%s' has not answered within %d s"
                .formatted(worker.consumer(), worker.node(), patience.orElseThrow().toSeconds()),
            "is it running? Start it, then repeat the command");
      }
    } catch (InterruptedException e) {
      log.warn(
          "stopped waiting: '{}' stays tagged as {} and follows that when it runs",
          worker.consumer(),
          newState);
      throw e;
    }
    log.info("Consumer '{}' on node '{}' {}", worker.consumer(), worker.node(), newState);
  }

  private boolean isConfirmed(boolean paused) throws SQLException {
    ConsumerState state = state();
    if (state.paused() != paused) {
      throw new UserError(
          "worker "
              + worker.consumer()
              + " was "
              + (paused ? "resumed" : "paused")
              + " by another command meanwhile",
          null);
    }
    return state.uptodate();
  }

  /**
   * True if a jlondiste worker of the node is running; the worker of Londiste takes no lock and is
   * not detected.
   */
  public boolean isRunning() throws SQLException {
    return cascade.call(
        worker.node(), db -> NodeLock.isHeld(db, cascade.queue(), worker.consumer()));
  }

  /** The worker's position and flags; throws {@link UserError} if the node does not have it. */
  public ConsumerState state() throws SQLException {
    try {
      return cascade.call(
          worker.node(),
          db -> NodeFunctions.getConsumerState(db, cascade.queue(), worker.consumer()));
    } catch (UnknownConsumer e) {
      throw new UserError(
          "[" + worker.node() + "] " + e.getMessage(), "'show-consumers' lists them", e);
    }
  }
}
