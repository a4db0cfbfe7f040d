package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.takeover.TakeoverOptions.LongTransactions;
import dev.jlondiste.admin.takeover.clients.ClientSwitch;
import dev.jlondiste.admin.takeover.clients.RootChange;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.admin.workers.PausedWorker;
import dev.jlondiste.admin.workers.WorkerControl;
import dev.jlondiste.admin.workers.WorkerId;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  private static final int ATTEMPTS_TO_LOCK = 5;
  private static final Duration MAX_CATCH_UP = Duration.ofMinutes(1);
  private static final Duration MAX_CONFIRMATION = Duration.ofMinutes(1);
  private static final Duration MAX_UNCERTAINTY = Duration.ofSeconds(30);

  private final Cascade cascade;
  private final TakeoverOptions options;
  private final ClientSwitch clients;
  private final MergeWorkers merge;
  private final TakeoverMark mark;
  private final OldRoot oldRoot;
  private final NewRoot newRoot;
  private List<TableName> sequences = List.of();
  private Promotion promotion = Promotion.NOT_SENT;

  /** Whether this run has promoted the new root. While it is unknown, the old one stays closed. */
  private enum Promotion {
    NOT_SENT,
    NOT_DONE,
    UNKNOWN,
    DONE
  }

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
  }

  /** True if an earlier command has begun this takeover; it may be finished, too. */
  boolean hasBegun() throws SQLException {
    NodeInfo old = oldRoot.session().info();
    return newRoot.session().info().isRoot()
        || TakeoverMark.of(old).filter(mark::hasSameNodes).isPresent();
  }

  /** Takes over, or finishes what an earlier command has begun. */
  TakeoverResult run() throws SQLException, InterruptedException {
    NodeInfo old = oldRoot.session().info();
    if (newRoot.session().info().isRoot()) {
      return finishEarlier(old);
    }
    oldRoot.claim();
    newRoot.claim();
    sequences = commonSequences();
    TakeoverResult result;
    try (PausedWorker paused = PausedWorker.pause(workerOf(old))) {
      paused.awaitConfirmation();
      awaitCatchUp();
      merge.pause(Deadline.in(MAX_CATCH_UP));
      result = takeOver(old);
      if (result == TakeoverResult.DONE) {
        demote();
      } else {
        forgetPromotion();
      }
      paused.resume();
      merge.resume();
    } catch (SQLException | RuntimeException | InterruptedException e) {
      if (promotion == Promotion.NOT_SENT || promotion == Promotion.NOT_DONE) {
        uninterrupted(this::forget);
      }
      throw e;
    }
    oldRoot.removeMark();
    return result;
  }

  /** The old root is open. Leaves nothing behind. */
  private void forget() throws SQLException {
    try {
      forgetPromotion();
      merge.resume();
      oldRoot.removeMark();
    } catch (SQLException | UserError e) {
      log.warn(
          "the marks of the takeover stay, 'takeover --undo' removes them: {}", e.getMessage());
    }
  }

  private void forgetPromotion() throws SQLException {
    newRoot.session().unlimited();
    oldRoot.session().unlimited();
    newRoot.removeMark();
    newRoot.followSequences();
  }

  /** Checks whether the applications can be moved as requested; changes nothing. */
  void requireNoObstacles() throws SQLException {
    List<String> obstacles = new ArrayList<>(clients.obstacles());
    obstacles.addAll(oldRoot.obstacles());
    if (!obstacles.isEmpty()) {
      throw new UserError(
          "the applications cannot be moved as requested:" + lines(obstacles),
          "nothing was changed");
    }
  }

  private List<TableName> commonSequences() throws SQLException {
    Set<TableName> there = new HashSet<>(newRoot.sequences());
    return oldRoot.sequences().stream().filter(there::contains).toList();
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
    informClients();
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
      report(clients.reopened());
      return;
    }
    oldRoot.claim();
    if (!ignoreNewRoot && !newRoot.removeMark()) {
      throw new UserError(
          "'" + mark.newNode() + "' is the root already, the takeover cannot be undone",
          "to finish it: takeover %s; to go back after that: takeover %s, with the ini file of %s"
              .formatted(mark.oldNode(), mark.newNode(), mark.oldNode()));
    }
    giveBack();
    if (!ignoreNewRoot) {
      newRoot.followSequences();
    }
    workerOf(old).resume();
    merge.resume();
    oldRoot.removeMark();
  }

  private WorkerControl workerOf(NodeInfo node) {
    return new WorkerControl(cascade, new WorkerId(node.name(), node.worker()))
        .answeringWithin(MAX_CONFIRMATION);
  }

  /** Waits until a tick of the root reaches the new node in less than half of the budget. */
  private void awaitCatchUp() throws SQLException, InterruptedException {
    if (oldRoot.isClosed()) {
      return;
    }
    CatchUpMeasure measure = new CatchUpMeasure(cascade, mark.oldNode(), mark.newNode());
    measure.awaitFasterThan(options.maxPause().dividedBy(2), Deadline.in(MAX_CATCH_UP));
  }

  private TakeoverResult takeOver(NodeInfo old) throws SQLException, InterruptedException {
    for (int attempt = 0; ; attempt++) {
      Optional<String> obstacle = attempt(old);
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
                "'%s' is open and nothing has changed; repeat the command, perhaps with a longer --max-pause or more --retries"
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

  /** Returns what was in the way; empty after success. */
  private Optional<String> attempt(NodeInfo old) throws SQLException, InterruptedException {
    Optional<String> inTheWay = longWriters();
    if (inTheWay.isPresent()) {
      return inTheWay;
    }
    for (int i = 0; i < ATTEMPTS_TO_LOCK; i++) {
      promotion = Promotion.NOT_SENT;
      PauseClock clock = new PauseClock();
      Deadline deadline = Deadline.in(options.maxPause());
      clients.hold(deadline);
      try {
        clock.ended("clients held");
        Optional<Long> tick = oldRoot.close(options.lockTimeout(), deadline);
        if (tick.isPresent()) {
          clock.ended("old root closed");
          return open(old, tick.get(), clock, deadline);
        }
      } finally {
        if (promotion == Promotion.NOT_SENT || promotion == Promotion.NOT_DONE) {
          uninterrupted(this::giveBack);
        }
      }
      Wait.pause(options.lockTimeout());
    }
    return Optional.of(
        "transactions that have written events did not end in time"
            + longWriters().map(text -> ": " + text).orElse(""));
  }

  private Optional<String> longWriters() throws SQLException {
    oldRoot.session().unlimited();
    List<LongWriters.Writer> writers =
        oldRoot
            .session()
            .call(db -> LongWriters.find(db, cascade.queue(), options.maxPause().dividedBy(2)));
    if (writers.isEmpty()) {
      return Optional.empty();
    }
    if (options.longTransactions() == LongTransactions.CANCEL
        && writers.stream().allMatch(LongWriters.Writer::canBeEnded)) {
      oldRoot
          .session()
          .call(
              db -> {
                LongWriters.end(db, writers);
                return true;
              });
      return Optional.empty();
    }
    return Optional.of(
        "long transactions have written events:"
            + lines(writers.stream().map(LongWriters.Writer::text).toList()));
  }

  private static String lines(List<String> texts) {
    return texts.stream().map(text -> "\n  " + text).reduce("", String::concat);
  }

  /** Opens the new root; the old one is closed. Returns what was in the way. */
  private Optional<String> open(NodeInfo old, long tick, PauseClock clock, Deadline deadline)
      throws SQLException, InterruptedException {
    clients.closed(deadline);
    clock.ended("clients informed");
    if (!newRoot.awaitTick(tick, deadline)) {
      return Optional.of(
          "node '%s' has not applied the last tick %d in time%s"
              .formatted(mark.newNode(), tick, lines(newRoot.obstacles())));
    }
    clock.ended("last tick applied by the new root");
    List<SequencePositions.Position> positions =
        oldRoot.session().call(db -> SequencePositions.read(db, sequences));
    clock.ended("sequences read");
    try {
      promotion = Promotion.UNKNOWN;
      newRoot.promote(old.worker(), tick, positions, deadline);
      promotion = Promotion.DONE;
    } catch (SQLException | UserError e) {
      promotion = isPromoted(e) ? Promotion.DONE : Promotion.NOT_DONE;
      if (promotion == Promotion.NOT_DONE && !isTransient(e)) {
        throw e;
      }
      if (promotion == Promotion.NOT_DONE) {
        return Optional.of(
            "node '%s' was not promoted: %s".formatted(mark.newNode(), e.getMessage()));
      }
    }
    clock.ended("new root open");
    clock.report();
    informClients();
    return Optional.empty();
  }

  private static boolean isTransient(Exception e) {
    Throwable failure = e instanceof SQLException ? e : e.getCause();
    return failure instanceof SQLException sql && SqlFaults.isTransient(sql);
  }

  /** The new root is open. What fails here is reported and does not undo the takeover. */
  private void informClients() throws SQLException, InterruptedException {
    report(clients.opened());
    oldRoot.session().unlimited();
    oldRoot.endApplicationSessions();
  }

  /**
   * After a failure of the promotion, whose commit may have succeeded: finds out, and makes sure
   * that it cannot succeed later.
   */
  private boolean isPromoted(Exception failure) throws InterruptedException {
    Deadline deadline = Deadline.in(MAX_UNCERTAINTY);
    newRoot.session().limit(deadline);
    while (true) {
      try {
        return !newRoot.removeMark();
      } catch (SQLException | UserError e) {
        log.warn("not known whether '{}' is the root: {}", mark.newNode(), e.getMessage());
        if (deadline.isOver()) {
          throw new UserError(
              "not known whether '%s' is the root, so '%s' stays closed: %s"
                  .formatted(mark.newNode(), mark.oldNode(), failure.getMessage()),
              "repeat the command when '%s' can be reached; if it is lost for good: takeover %s --undo --dead=%s"
                  .formatted(mark.newNode(), mark.oldNode(), mark.newNode()),
              e);
        }
        Wait.pause(Duration.ofMillis(200));
      }
    }
  }

  private void giveBack() throws SQLException, InterruptedException {
    oldRoot.session().unlimited();
    try {
      if (oldRoot.isClosed()) {
        oldRoot.reopen();
      }
    } catch (SQLException | UserError e) {
      log.error(
          Hint.after(
              "node '%s' could not be opened again: %s".formatted(mark.oldNode(), e.getMessage()),
              "takeover %s --undo".formatted(mark.oldNode())));
      throw e;
    }
    report(clients.reopened());
  }

  private static void report(List<String> problems) {
    problems.forEach(log::warn);
  }

  /** The old root becomes a branch of the new one. */
  private void demote() throws SQLException, InterruptedException {
    newRoot.session().unlimited();
    oldRoot.session().unlimited();
    awaitConfirmationOfNewRoot();
    oldRoot.becomeBranch();
    oldRoot.unsubscribeNewRoot();
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

  /** Ctrl-C must not keep the old root closed: an interrupted thread cannot connect. */
  private static void uninterrupted(Step step) throws SQLException, InterruptedException {
    boolean interrupted = Thread.interrupted();
    try {
      step.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws SQLException, InterruptedException;
  }

  @Override
  public void close() {
    oldRoot.close();
    newRoot.close();
  }
}
