package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.admin.workers.PausedWorker;
import dev.jlondiste.admin.workers.WorkerControl;
import dev.jlondiste.admin.workers.WorkerId;
import dev.jlondiste.cascade.TickPart;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A branch whose worker is paused, so that none of its tables changes. The worker is resumed on
 * {@link #close}, see {@link PausedWorker}, unless it was paused before.
 */
final class PausedBranch implements SourceFreeze {
  private static final Logger log = LoggerFactory.getLogger(PausedBranch.class);

  private final TableSource branch;
  private final String queue;
  private final WorkerControl worker;
  private final PointWait limit;
  private final Optional<PausedWorker> ours;

  private PausedBranch(
      TableSource branch,
      String queue,
      WorkerControl worker,
      PointWait limit,
      Optional<PausedWorker> ours) {
    this.branch = branch;
    this.queue = queue;
    this.worker = worker;
    this.limit = limit;
    this.ours = ours;
  }

  static PausedBranch of(Cascade cascade, TableSource branch, PointWait limit) throws SQLException {
    WorkerId id = new WorkerId(branch.node().name(), branch.node().worker());
    WorkerControl worker = WorkerControl.ofProvider(cascade, id);
    Optional<PausedWorker> ours = Optional.empty();
    if (!worker.state().paused()) {
      log.info("Pausing upstream worker: {}", id.consumer());
      ours = Optional.of(PausedWorker.pause(worker));
    }
    return new PausedBranch(branch, cascade.queue(), worker, limit, ours);
  }

  /**
   * A worker that has confirmed the pause is not in a batch, so its position and its tables agree.
   */
  @Override
  public long lastTick() throws SQLException, InterruptedException {
    String name = worker.worker().consumer();
    limit.until(
        () -> worker.state().uptodate(),
        "worker " + name + " of the branch has not paused, is it running?");
    Optional<TickPart> part = branch.database().call(db -> TickPart.of(db, queue, name));
    if (part.isPresent()) {
      throw new UserError(
          "the branch has applied only a part of a tick: " + part.get(),
          "compare again when its worker has completed the tick");
    }
    return worker.state().completedTick();
  }

  @Override
  public void requireHeld() throws SQLException {
    if (!worker.state().paused()) {
      throw new UserError(
          "worker "
              + worker.worker().consumer()
              + " of the branch was resumed during the comparison",
          "compare again, and do not resume it meanwhile");
    }
  }

  @Override
  public PointWait limit() {
    return limit;
  }

  @Override
  public void close() throws SQLException {
    if (ours.isPresent()) {
      log.info("Resuming upstream worker: {}", worker.worker().consumer());
      ours.get().close();
    }
  }
}
