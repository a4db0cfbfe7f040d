package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.admin.waiting.WaitNotice;
import dev.jlondiste.fault.UserError;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * The waits of a comparison. Together they last at most {@code lock_timeout}, or are unlimited if
 * that is zero or {@code --force} is given. While the source blocks writers, an {@link #attempt}
 * ends earlier.
 */
final class PointWait {
  /** Short, because what is waited for takes place while the source blocks writers. */
  private static final Duration PERIOD = Duration.ofMillis(20);

  private final Deadline whole;
  private final Optional<Deadline> attempt;
  private final WaitNotice.Causes causes;

  private PointWait(Deadline whole, Optional<Deadline> attempt, WaitNotice.Causes causes) {
    this.whole = whole;
    this.attempt = attempt;
    this.causes = causes;
  }

  /** Starts now, with the {@code lock_timeout} of a node. */
  static PointWait of(Cascade cascade, boolean force) {
    NodeObstacles obstacles = new NodeObstacles(cascade);
    return of(
        cascade.settings().lockTimeout(),
        force,
        () -> {
          synchronized (cascade) { // several threads may wait
            return obstacles.aboveHere();
          }
        });
  }

  /** Starts now; {@code causes} finds out what hinders the waits. */
  static PointWait of(Duration lockTimeout, boolean force, WaitNotice.Causes causes) {
    boolean isUnlimited = force || lockTimeout.isZero();
    Deadline whole = isUnlimited ? Deadline.never() : Deadline.in(lockTimeout);
    return new PointWait(whole, Optional.empty(), causes);
  }

  /**
   * Returns the limit of one attempt. It starts now and ends with {@link AttemptOver}, or with the
   * whole wait.
   */
  PointWait attempt(Duration length) {
    return new PointWait(whole, Optional.of(Deadline.in(length)), causes);
  }

  /** An attempt took too long, and there is time for another. */
  static final class AttemptOver extends RuntimeException {
    private static final long serialVersionUID = 1;

    AttemptOver(String missing) {
      super(missing);
    }
  }

  /** Waits for a fixed time, which ends with the whole wait. */
  void pause(Duration length) throws InterruptedException {
    Duration left = whole.remaining();
    Wait.pause(left.compareTo(length) < 0 ? left : length);
  }

  /** Throws if the whole wait is over; {@code missing} describes what is missing still. */
  void require(String missing) {
    if (whole.isOver()) {
      throw lagging(missing);
    }
  }

  private static UserError lagging(String missing) {
    return new UserError(
        "Consumer lagging too much, exiting",
        missing + "; see 'status', or wait longer with --force or a greater lock_timeout");
  }

  /** Returns once the fact holds; {@code missing} describes what is missing until then. */
  void until(Wait.Fact fact, String missing) throws SQLException, InterruptedException {
    forValue(() -> fact.holds() ? Optional.of(true) : Optional.empty(), missing);
  }

  /** Returns the value once there is one; {@code missing} describes what is missing until then. */
  <T> T forValue(Wait.Probe<T> probe, String missing) throws SQLException, InterruptedException {
    Optional<T> found =
        new Wait("a common point: " + missing, causes)
            .every(PERIOD)
            .atMost(attempt.orElse(whole))
            .forValue(probe);
    if (found.isEmpty() && attempt.isPresent() && !whole.isOver()) {
      throw new AttemptOver(missing);
    }
    return found.orElseThrow(() -> lagging(missing));
  }
}
