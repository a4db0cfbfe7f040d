package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Replies;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.TickPart;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A branch whose worker is paused, so that none of its tables changes. Resumes it in the end, even
 * when the process is interrupted, unless somebody else had paused it before.
 */
final class PausedWorker implements SourceFreeze {
  private static final Logger log = LoggerFactory.getLogger(PausedWorker.class);

  private final TableSource branch;
  private final String queue;
  private final String worker;
  private final Deadline patience;
  private final boolean ours;
  private final Thread atExit = new Thread(this::resumeAtExit, "resume upstream worker");

  private PausedWorker(TableSource branch, String queue, Deadline patience, boolean ours) {
    this.branch = branch;
    this.queue = queue;
    this.worker = branch.node().worker();
    this.patience = patience;
    this.ours = ours;
  }

  static PausedWorker of(TableSource branch, String queue, Deadline patience) throws SQLException {
    String worker = branch.node().worker();
    boolean paused = state(branch, queue, worker).paused();
    PausedWorker standstill = new PausedWorker(branch, queue, patience, !paused);
    if (!paused) {
      log.info("Pausing upstream worker: {}", worker);
      Runtime.getRuntime().addShutdownHook(standstill.atExit);
      standstill.set(true);
    }
    return standstill;
  }

  /** A paused worker that has said so is in no batch: its position and its tables agree. */
  @Override
  public long lastTick() throws SQLException, InterruptedException {
    patience.await(
        () -> state(branch, queue, worker).uptodate(),
        "worker " + worker + " of the branch has not paused, is it running?");
    Optional<TickPart> part = branch.database().call(db -> TickPart.of(db, queue, worker));
    if (part.isPresent()) {
      throw new UserError(
          "the branch shows a part of a tick: " + part.get(),
          "compare again when its worker has completed the tick");
    }
    return state(branch, queue, worker).completedTick();
  }

  @Override
  public void requireHeld() throws SQLException {
    if (!state(branch, queue, worker).paused()) {
      throw new UserError(
          "worker " + worker + " of the branch was resumed during the comparison",
          "compare again, and let it stay paused meanwhile");
    }
  }

  private static ConsumerState state(TableSource branch, String queue, String worker)
      throws SQLException {
    return branch.database().call(db -> NodeFunctions.getConsumerState(db, queue, worker));
  }

  private void set(boolean paused) throws SQLException {
    branch
        .database()
        .run(db -> Replies.check(NodeFunctions.setConsumerPaused(db, queue, worker, paused)));
  }

  @Override
  public Deadline patience() {
    return patience;
  }

  @Override
  public void close() throws SQLException {
    if (ours) {
      log.info("Resuming upstream worker: {}", worker);
      set(false);
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException e) {
        log.debug("the process ends already", e);
      }
    }
  }

  private void resumeAtExit() {
    try {
      set(false);
    } catch (SQLException e) {
      log.error("worker {} of the branch is still paused: {}", worker, e.getMessage());
    }
  }
}
