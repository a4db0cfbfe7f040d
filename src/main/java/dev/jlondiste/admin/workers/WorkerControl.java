package dev.jlondiste.admin.workers;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.Replies;
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
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses and resumes one worker, wherever it lives: a flag in its node, which the worker confirms
 * when it has seen it. A worker that has confirmed a pause is in no batch. To do something in
 * between, and resume whatever happens, use {@link PausedWorker}.
 */
public final class WorkerControl {
  private static final Logger log = LoggerFactory.getLogger(WorkerControl.class);

  private final Cascade cascade;
  private final WorkerId worker;
  private final Consumer<Reply> check;

  /** Logs what the node replies with the node's name before it. */
  public WorkerControl(Cascade cascade, WorkerId worker) {
    this(cascade, worker, reply -> Replies.check(worker.node(), reply));
  }

  private WorkerControl(Cascade cascade, WorkerId worker, Consumer<Reply> check) {
    this.cascade = cascade;
    this.worker = worker;
    this.check = check;
  }

  /** Logs the replies as they are. */
  public static WorkerControl ofProvider(Cascade cascade, WorkerId worker) {
    return new WorkerControl(cascade, worker, Replies::check);
  }

  public WorkerId worker() {
    return worker;
  }

  /** Pauses the worker and waits until it has confirmed. */
  public void pause() throws SQLException, InterruptedException {
    turn(true);
  }

  /** Resumes the worker and waits until it has confirmed. */
  public void resume() throws SQLException, InterruptedException {
    turn(false);
  }

  /** Ctrl-C ends the wait, and says that the flag stays. */
  private void turn(boolean paused) throws SQLException, InterruptedException {
    ShutdownGuard guard = ShutdownGuard.open();
    try {
      setPaused(paused);
      awaitConfirmation(paused);
    } finally {
      guard.close();
    }
  }

  /** Only sets the flag. */
  void setPaused(boolean paused) throws SQLException {
    cascade.call(
        worker.node(),
        db -> {
          check.accept(
              NodeFunctions.setConsumerPaused(db, cascade.queue(), worker.consumer(), paused));
          // A worker that does not run would not confirm.
          return !paused
              && NodeLock.isHeld(db, cascade.queue(), worker.consumer())
              && FailingWorker.retryNow(db, cascade.queue(), worker.consumer());
        });
  }

  /** Waits until the worker has seen the flag. */
  void awaitConfirmation(boolean paused) throws SQLException, InterruptedException {
    String turned = paused ? "paused" : "resumed";
    log.info("Waiting for worker to accept");
    try {
      new Wait(
              "worker "
                  + worker.consumer()
                  + " to answer (Ctrl-C ends the wait, the flag stays set)",
              () -> new NodeObstacles(cascade).ofWorker(worker.node(), worker.consumer()))
          .until(() -> isConfirmed(paused));
    } catch (InterruptedException e) {
      log.warn(
          "stopped waiting: '{}' stays tagged as {}, it follows when it runs",
          worker.consumer(),
          turned);
      throw e;
    }
    log.info("Consumer '{}' on node '{}' {}", worker.consumer(), worker.node(), turned);
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

  /** True if a process of ours works for the node; Londiste's own worker does not show. */
  public boolean isRunning() throws SQLException {
    return cascade.call(
        worker.node(), db -> NodeLock.isHeld(db, cascade.queue(), worker.consumer()));
  }

  /** The worker's position and flags; {@link UserError} if the node does not know it. */
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
