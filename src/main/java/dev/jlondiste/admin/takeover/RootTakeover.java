package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.takeover.TakeoverOptions.LongTransactions;
import dev.jlondiste.admin.takeover.clients.ClientSwitch;
import dev.jlondiste.admin.takeover.clients.RootChange;
import dev.jlondiste.admin.topology.FormerSubscriptions;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.admin.workers.PausedWorker;
import dev.jlondiste.admin.workers.WorkerControl;
import dev.jlondiste.admin.workers.WorkerId;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.PartitionNote;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A switchover: a branch takes over from a live root. The databases alone say how far it is, so the
 * same command continues after a crash, and {@link #undo} opens the old root again.
 *
 * <ol>
 *   <li>Claim: no event is lost. Why: the old root is closed, which waits for all transactions that
 *       have written events; its last tick covers them; the new root has applied that tick before
 *       it opens.
 *   <li>Claim: at most one node is open. Why: the new root opens only if its mark is this
 *       command's, and the old root opens again only after the mark of the new one was removed in a
 *       transaction that found it to be no root. Both transactions change the same row.
 *   <li>Claim: a delayed command opens nothing. Why: a later command first replaces the marks, see
 *       {@link TakeoverMark}.
 *   <li>Claim: the same command continues after a crash. Why: the mark of the old root is put there
 *       first and removed last. Until then the command finds: both marks and an open old root
 *       (nothing has happened yet), a closed old root and a branch (it waits for the tick, or opens
 *       the old root again), a closed old root and another root (it makes the old one a branch).
 *   <li>Claim: the worker of the new root cannot apply its own events as those of the old root.
 *       Why: the old root has no tick after the last one before its own worker reads from the new
 *       root, and that is after the new root's worker has confirmed its new role.
 * </ol>
 *
 * Test: RootTakeoverIT, TakeoverSurvivesKillIT. Used by one thread.
 */
final class RootTakeover implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RootTakeover.class);

  private static final Duration MAX_CATCH_UP = Duration.ofMinutes(1);
  private static final Duration MAX_CONFIRMATION = Duration.ofMinutes(1);

  private final Cascade cascade;
  private final TakeoverOptions options;
  private final ClientSwitch clients;
  private final MergeWorkers merge;
  private final TakeoverMark mark;
  private final OldRoot oldRoot;
  private final NewRoot newRoot;
  private final PauseAttempt pause;

  RootTakeover(
      Cascade cascade,
      RootChange change,
      TakeoverOptions options,
      ClientSwitch clients,
      MergeWorkers merge) {
    this.cascade = cascade;
    this.options = options;
    this.clients = clients;
    this.merge = merge;
    this.mark = TakeoverMark.create(change.oldNode(), change.newNode());
    this.oldRoot = new OldRoot(cascade, mark, options.fenceDatabase());
    this.newRoot = new NewRoot(cascade, mark);
    this.pause = new PauseAttempt(cascade.queue(), options, clients, oldRoot, newRoot);
  }

  /**
   * True if an earlier command has closed the old root for this takeover; it may have finished it,
   * too. While the old root is open, all checks are due again.
   */
  boolean hasBegun() throws SQLException {
    NodeInfo old = oldRoot.session().info();
    boolean isMarked = TakeoverMark.of(old).filter(mark::hasSameNodes).isPresent();
    return newRoot.session().info().isRoot() || (isMarked && oldRoot.isClosed());
  }

  /**
   * Ends the pause of a command that was killed before it closed the old root, so that the checks
   * find what they found before.
   */
  void resumeInterrupted() throws SQLException, InterruptedException {
    NodeInfo old = oldRoot.session().info();
    if (old.paused() && TakeoverMark.of(old).filter(mark::hasSameNodes).isPresent()) {
      workerOf(old).resume();
    }
    if (TakeoverMark.of(old).filter(mark::hasSameNodes).isPresent()) {
      merge.resume();
    }
  }

  /** Takes over, or finishes what an earlier command has begun. */
  TakeoverResult run() throws SQLException, InterruptedException {
    NodeInfo old = oldRoot.session().info();
    if (newRoot.session().info().isRoot()) {
      return finishEarlier(old);
    }
    TakeoverResult result;
    try {
      result = moveRoot(old);
    } catch (SQLException | RuntimeException | InterruptedException e) {
      if (pause.isNewRootClosed()) {
        uninterrupted(this::forget);
      }
      throw e;
    }
    oldRoot.removeMark();
    return result;
  }

  private TakeoverResult moveRoot(NodeInfo old) throws SQLException, InterruptedException {
    followPartitions();
    oldRoot.claim();
    newRoot.claim();
    newRoot.prepareTicks(oldRoot.tickSettings());
    try (PausedWorker paused = PausedWorker.pause(workerOf(old))) {
      paused.awaitConfirmation();
      merge.pause(Deadline.in(MAX_CATCH_UP));
      TakeoverResult result = takeOver(old);
      if (result == TakeoverResult.DONE) {
        demote();
      } else {
        forgetNewRoot();
      }
      paused.resume();
      merge.resume();
      return result;
    }
  }

  /** The worker of the old root no longer does it when that is a branch. */
  private void followPartitions() throws SQLException {
    List<TableName> changed =
        cascade.call(
            mark.oldNode(), db -> LondisteFunctions.changedPartitionedTables(db, cascade.queue()));
    if (changed.isEmpty()) {
      return;
    }
    List<PartitionNote> notes =
        cascade.call(
            mark.oldNode(),
            db ->
                ShortLocks.ofCommand(cascade.settings().lockTimeout())
                    .call(
                        db,
                        changed.stream().map(TableName::quoted).toList(),
                        LockHolders.Mode.AGAINST_WRITERS,
                        attempt -> LondisteFunctions.followPartitions(attempt, cascade.queue())));
    for (PartitionNote note : notes) {
      if (note.isWarning()) {
        throw new UserError(
            "[%s] %s: %s".formatted(mark.oldNode(), note.table(), note.text()),
            "nothing was changed");
      }
      log.info("[{}] {}: {}", mark.oldNode(), note.table(), note.text());
    }
  }

  /**
   * The old root is open. Leaves nothing behind, as far as the nodes can be reached. While
   * something is left, the mark on the old root stays, by which 'takeover --undo' finds it.
   */
  private void forget() throws InterruptedException {
    boolean complete = true;
    for (Step step : List.<Step>of(this::forgetNewRoot, merge::resume)) {
      complete &= isDone(step);
    }
    if (complete) {
      isDone(oldRoot::removeMark);
    }
  }

  private static boolean isDone(Step step) throws InterruptedException {
    try {
      step.run();
      return true;
    } catch (SQLException | UserError e) {
      log.warn("not undone, 'takeover --undo' repeats it: {}", e.getMessage());
      return false;
    }
  }

  private void forgetNewRoot() throws SQLException {
    newRoot.session().unlimited();
    oldRoot.session().unlimited();
    newRoot.removeMark();
    newRoot.followSequences();
  }

  /** Checks whether the applications can be moved as requested; changes nothing. */
  void requireNoObstacles() throws SQLException {
    List<String> obstacles = new ArrayList<>(clients.obstacles());
    obstacles.addAll(oldRoot.obstacles());
    if (options.longTransactions() == LongTransactions.CANCEL) {
      obstacles.addAll(oldRoot.obstaclesToCancel());
    }
    obstacles.addAll(newRoot.obstaclesToWrites());
    if (!obstacles.isEmpty()) {
      throw new UserError(
          "the applications cannot be moved as requested:" + lines(obstacles),
          "nothing was changed");
    }
  }

  /** The new node is the root. The old one is still a closed root, or has become a branch. */
  private TakeoverResult finishEarlier(NodeInfo old) throws SQLException, InterruptedException {
    boolean unfinished = old.isRoot() || TakeoverMark.of(old).isPresent();
    if (!unfinished) {
      log.info(
          "Consumer '{}' at node '{}' has already '{}' as provider",
          old.worker(),
          mark.oldNode(),
          old.provider().orElse("?"));
      return TakeoverResult.DONE;
    }
    if (old.isRoot() && !oldRoot.isClosed()) {
      throw new UserError(
          "both '%s' and '%s' are roots of queue '%s'"
              .formatted(mark.oldNode(), mark.newNode(), cascade.queue()),
          "was '%s' dead when '%s' took over? Then: resurrect, on the ini file of '%s'"
              .formatted(mark.oldNode(), mark.newNode(), mark.oldNode()));
    }
    log.info("Finishing the takeover that an earlier command has begun");
    oldRoot.claim();
    pause.informClients();
    try (PausedWorker paused = PausedWorker.pause(workerOf(old))) {
      demote();
      paused.resume();
      merge.resume();
    }
    oldRoot.removeMark();
    return TakeoverResult.DONE;
  }

  /**
   * Opens the old root again, if the new node has not become the root.
   *
   * @param ignoreNewRoot true: the operator knows that the new node was not promoted or is gone
   */
  void undo(boolean ignoreNewRoot) throws SQLException, InterruptedException {
    NodeInfo old = oldRoot.session().info();
    if (!old.isRoot()) {
      throw new UserError(
          "the takeover is complete: '" + mark.oldNode() + "' is no longer the root",
          "to go back: takeover " + mark.newNode() + ", with the ini file of " + mark.oldNode());
    }
    if (TakeoverMark.of(old).isEmpty() && !oldRoot.isClosed()) {
      log.info("Nothing to undo: '{}' is the root and open", mark.oldNode());
      clients.reopened().forEach(log::warn);
      return;
    }
    oldRoot.claim();
    if (!ignoreNewRoot && !newRoot.removeMark()) {
      throw new UserError(
          "'" + mark.newNode() + "' is the root already, the takeover cannot be undone",
          "to finish it: takeover %s; to go back after that: takeover %s, with the ini file of %s"
              .formatted(mark.oldNode(), mark.newNode(), mark.oldNode()));
    }
    pause.giveBack();
    if (!ignoreNewRoot) {
      newRoot.followSequences();
    }
    try {
      workerOf(old).resume();
    } catch (UserError e) {
      log.warn(e.text()); // it does not run; it is resumed when it starts
    }
    merge.resume();
    oldRoot.removeMark();
  }

  private WorkerControl workerOf(NodeInfo node) {
    return new WorkerControl(cascade, new WorkerId(node.name(), node.worker()))
        .answeringWithin(MAX_CONFIRMATION);
  }

  /** Waits until a tick of the root reaches the new node well within the budget. */
  private Optional<String> awaitCatchUp() throws SQLException, InterruptedException {
    return oldRoot.isClosed()
        ? Optional.empty()
        : new CatchUpMeasure(cascade, oldRoot.session(), newRoot.session())
            .awaitFasterThan(options.maxPause().dividedBy(2), Deadline.in(MAX_CATCH_UP));
  }

  private TakeoverResult takeOver(NodeInfo old) throws SQLException, InterruptedException {
    for (int attempt = 0; ; attempt++) {
      Optional<String> obstacle = awaitCatchUp();
      if (obstacle.isEmpty()) {
        obstacle = pause.attempt(old.worker());
      }
      if (obstacle.isEmpty()) {
        return TakeoverResult.DONE;
      }
      boolean last =
          attempt >= options.retries() || options.longTransactions() == LongTransactions.REFUSE;
      String problem =
          "takeover does not fit in a pause of %d ms: %s"
              .formatted(options.maxPause().toMillis(), obstacle.get());
      if (last) {
        log.error(
            Hint.after(
                problem,
                "'%s' is the root and open; repeat the command, perhaps with a longer --max-pause or more --retries"
                    .formatted(mark.oldNode())));
        return TakeoverResult.NOT_IN_TIME;
      }
      log.warn("{}", problem);
      log.info(
          "'{}' is open; next attempt in {} s", mark.oldNode(), options.retryPause().toSeconds());
      Wait.pause(options.retryPause());
      newRoot.claim();
    }
  }

  /** The old root becomes a branch of the new one. */
  private void demote() throws SQLException, InterruptedException {
    newRoot.session().unlimited();
    oldRoot.session().unlimited();
    awaitConfirmationOfNewRoot();
    oldRoot.becomeBranch();
    new FormerSubscriptions(cascade).remove(mark.newNode());
    oldRoot.followSequences();
  }

  private void awaitConfirmationOfNewRoot() throws SQLException, InterruptedException {
    NodeObstacles obstacles = new NodeObstacles(cascade);
    String worker = newRoot.session().info().worker();
    Wait wait =
        new Wait(
                "worker %s of the new root to confirm".formatted(worker),
                () -> obstacles.ofWorker(mark.newNode(), worker))
            .every(Duration.ofMillis(50))
            .atMost(Deadline.in(MAX_CONFIRMATION));
    if (!wait.until(() -> newRoot.session().info().uptodate())) {
      throw new UserError(
          "the worker of the new root '%s' does not answer%s"
              .formatted(mark.newNode(), lines(wait.obstacles())),
          "'%s' is open; start its worker and repeat the command, which then makes '%s' a branch"
              .formatted(mark.newNode(), mark.oldNode()));
    }
  }

  /** A cleanup step runs also after Ctrl-C: an interrupted thread cannot connect. */
  static void uninterrupted(Step step) throws SQLException, InterruptedException {
    boolean interrupted = Thread.interrupted();
    try {
      step.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A step of a takeover. */
  @FunctionalInterface
  interface Step {
    void run() throws SQLException, InterruptedException;
  }

  static String lines(List<String> texts) {
    return texts.stream().map(text -> "\n  " + text).reduce("", String::concat);
  }

  @Override
  public void close() {
    oldRoot.close();
    newRoot.close();
  }
}
