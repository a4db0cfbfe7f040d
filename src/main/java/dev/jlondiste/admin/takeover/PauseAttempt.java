package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.takeover.TakeoverOptions.LongTransactions;
import dev.jlondiste.admin.takeover.clients.ClientSwitch;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pause of the writers: closes the old root and opens the new one within the budget, or opens
 * the old one again. Used by one thread.
 */
final class PauseAttempt {
  private static final Logger log = LoggerFactory.getLogger(PauseAttempt.class);

  private static final int ATTEMPTS_TO_LOCK = 5;
  private static final Duration MAX_UNCERTAINTY = Duration.ofSeconds(30);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(200);

  private final String queue;
  private final TakeoverOptions options;
  private final ClientSwitch clients;
  private final OldRoot oldRoot;
  private final NewRoot newRoot;
  private final String oldNode;
  private final String newNode;
  private Promotion promotion = Promotion.NOT_SENT;

  /** Whether this run has promoted the new root. While it is unknown, the old one stays closed. */
  private enum Promotion {
    NOT_SENT,
    NOT_DONE,
    UNKNOWN,
    DONE
  }

  PauseAttempt(
      String queue, TakeoverOptions options, ClientSwitch clients, OldRoot old, NewRoot fresh) {
    this.queue = queue;
    this.options = options;
    this.clients = clients;
    this.oldRoot = old;
    this.newRoot = fresh;
    this.oldNode = old.session().name();
    this.newNode = fresh.session().name();
  }

  /** True if it is certain that this run has not opened the new root and never will. */
  boolean isNewRootClosed() {
    return promotion == Promotion.NOT_SENT || promotion == Promotion.NOT_DONE;
  }

  /**
   * Moves the writers.
   *
   * @param oldWorker the worker of the old root
   * @return what was in the way, and the old root is open; empty after success
   * @throws UserError if another attempt would fail as well; the old root is open, unless it is
   *     unknown whether the new one is
   */
  Optional<String> attempt(String oldWorker) throws SQLException, InterruptedException {
    Optional<String> longWriters = longWriters();
    if (longWriters.isPresent()) {
      return longWriters;
    }
    List<TableName> sequences = commonSequences();
    for (int i = 0; i < ATTEMPTS_TO_LOCK; i++) {
      promotion = Promotion.NOT_SENT;
      Deadline deadline = Deadline.in(options.maxPause());
      PauseClock clock = new PauseClock();
      try {
        clients.hold(deadline);
      } catch (UserError e) {
        return Optional.of(e.problem()); // it has released the clients
      }
      Optional<String> obstacle = Optional.empty();
      try {
        clock.ended("clients held");
        Optional<Long> tick = oldRoot.close(options.lockTimeout(), deadline);
        clock.ended("old root closed");
        if (tick.isPresent()) {
          obstacle = open(oldWorker, tick.get(), sequences, clock, deadline);
        } else {
          obstacle = oldRoot.otherObstacle();
        }
      } catch (SQLException | UserError e) {
        if (!isNewRootClosed() || !isTransient(e)) {
          throw e;
        }
        obstacle = Optional.of(String.valueOf(e.getMessage()));
      } finally {
        if (isNewRootClosed()) {
          RootTakeover.uninterrupted(this::giveBack);
        }
      }
      if (promotion == Promotion.DONE) {
        clock.report();
        informClients();
        return Optional.empty();
      }
      if (obstacle.isPresent()) {
        return obstacle.map(text -> text + RootTakeover.lines(newRoot.obstacles()));
      }
      Wait.pause(options.lockTimeout());
    }
    return Optional.of(
        "transactions that have written events did not end in time:"
            + RootTakeover.lines(oldRoot.writers()));
  }

  private List<TableName> commonSequences() throws SQLException {
    Set<TableName> there = new HashSet<>(newRoot.sequences());
    return oldRoot.sequences().stream().filter(there::contains).toList();
  }

  private Optional<String> longWriters() throws SQLException {
    oldRoot.session().unlimited();
    newRoot.session().unlimited();
    List<LongWriters.Writer> writers =
        oldRoot.session().call(db -> LongWriters.find(db, queue, options.maxPause().dividedBy(2)));
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
            + RootTakeover.lines(writers.stream().map(LongWriters.Writer::text).toList()));
  }

  /**
   * Opens the new root; the old one is closed. Returns what was in the way, early enough to open
   * the old root again within the budget.
   */
  private Optional<String> open(
      String oldWorker, long tick, List<TableName> sequences, PauseClock clock, Deadline deadline)
      throws SQLException, InterruptedException {
    clients.closed(deadline);
    clock.ended("clients informed");
    Duration reserve = options.maxPause().dividedBy(5);
    Deadline applied = Deadline.in(deadline.remaining().minus(reserve));
    if (!newRoot.awaitTick(tick, applied)) {
      return Optional.of(
          "node '%s' has not applied the last tick %d in time".formatted(newNode, tick));
    }
    clock.ended("last tick applied by the new root");
    List<SequencePositions.Position> positions =
        oldRoot.session().call(db -> SequencePositions.read(db, sequences));
    clock.ended("sequences read");
    promotion = Promotion.UNKNOWN;
    try {
      newRoot.promote(oldWorker, tick, positions, deadline);
      promotion = Promotion.DONE;
    } catch (SQLException | UserError e) {
      RootTakeover.uninterrupted(
          () -> promotion = isPromoted(e) ? Promotion.DONE : Promotion.NOT_DONE);
      if (promotion == Promotion.NOT_DONE) {
        throw e;
      }
    }
    clock.ended("new root open");
    return Optional.empty();
  }

  private static boolean isTransient(Exception e) {
    Throwable failure = e instanceof SQLException ? e : e.getCause();
    return failure instanceof SQLException sql && SqlFaults.isTransient(sql);
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
        log.warn("not known whether '{}' is the root: {}", newNode, e.getMessage());
        if (deadline.isOver()) {
          throw new UserError(
              "not known whether '%s' is the root, so '%s' stays closed: %s"
                  .formatted(newNode, oldNode, failure.getMessage()),
              "repeat the command when '%s' can be reached; if it is lost for good, with the ini file of another node: takeover %s --undo --dead=%s"
                  .formatted(newNode, oldNode, newNode),
              e);
        }
        Wait.pause(BETWEEN_QUESTIONS);
      }
    }
  }

  /** Opens the old root again, if it is closed, and releases the clients. */
  void giveBack() throws SQLException, InterruptedException {
    oldRoot.session().unlimited();
    try {
      if (oldRoot.isClosed()) {
        oldRoot.reopen();
      }
    } catch (SQLException | UserError e) {
      log.error(
          Hint.after(
              "node '%s' could not be opened again: %s".formatted(oldNode, e.getMessage()),
              "takeover %s --undo".formatted(oldNode)));
      throw e;
    }
    clients.reopened().forEach(log::warn);
  }

  /** The new root is open. What fails here is reported and does not undo the takeover. */
  void informClients() throws InterruptedException {
    clients.opened().forEach(log::warn);
    try {
      oldRoot.session().unlimited();
      oldRoot.endApplicationSessions();
    } catch (SQLException | UserError e) {
      log.warn("sessions of applications on '{}' were not ended: {}", oldNode, e.getMessage());
    }
  }
}
