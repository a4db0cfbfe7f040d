package dev.jlondiste.admin.waiting;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.StopSignal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Waits of a command for a fact: polls, reports the obstacles of a long wait (see {@link
 * WaitNotice}), and ends at a deadline. Every wait of a command uses this class. An interrupt ends
 * the wait with {@link InterruptedException}. Immutable.
 *
 * <pre>{@code
 * boolean ended =
 *     new Wait("worker leaf to end", obstacles::aboveHere)
 *         .atMost(Deadline.in(Duration.ofSeconds(30)))
 *         .until(() -> !isRunning());
 * }</pre>
 */
public final class Wait {
  private static final Duration DEFAULT_PERIOD = Duration.ofMillis(200);

  /** Many waits are short, so the pauses begin with this one and double up to the period. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

  private final String goal;
  private final WaitNotice.Causes causes;
  private final Duration period;
  private final Deadline deadline;

  /** A condition that is waited for. */
  @FunctionalInterface
  public interface Fact {
    boolean holds() throws SQLException;
  }

  /** A value that is waited for. */
  @FunctionalInterface
  public interface Probe<T> {
    /** Returns empty while there is no value. */
    Optional<T> now() throws SQLException;
  }

  /**
   * Polls every 200 ms, without a deadline.
   *
   * @param goal completes the sentence "Still waiting ... for"
   * @param causes finds the obstacles of the wait
   */
  public Wait(String goal, WaitNotice.Causes causes) {
    this(goal, causes, DEFAULT_PERIOD, Deadline.never());
  }

  private Wait(String goal, WaitNotice.Causes causes, Duration period, Deadline deadline) {
    this.goal = goal;
    this.causes = causes;
    this.period = period;
    this.deadline = deadline;
  }

  /**
   * Sets the pause between two polls. The first pauses are shorter, and so is the last one, which
   * ends with the deadline.
   */
  public Wait every(Duration period) {
    return new Wait(goal, causes, period, deadline);
  }

  public Wait atMost(Deadline deadline) {
    return new Wait(goal, causes, period, deadline);
  }

  /** Returns false if the deadline passes before the fact holds. Polls at least once. */
  public boolean until(Fact fact) throws SQLException, InterruptedException {
    return forValue(() -> fact.holds() ? Optional.of(true) : Optional.empty()).isPresent();
  }

  /** Returns empty if the deadline passes before there is a value. Polls at least once. */
  public <T> Optional<T> forValue(Probe<T> probe) throws SQLException, InterruptedException {
    WaitNotice notice = new WaitNotice(goal, causes);
    Optional<T> found = poll(probe);
    Duration pause = FIRST_PAUSE;
    while (found.isEmpty() && !deadline.isOver()) {
      notice.update();
      pause(shorter(shorter(pause, period), deadline.remaining()));
      pause = shorter(pause.multipliedBy(2), period);
      found = poll(probe);
    }
    return found;
  }

  /**
   * Converts the error of an interrupted thread: the driver cannot connect in such a thread and
   * throws an exception of its own.
   */
  private static <T> Optional<T> poll(Probe<T> probe) throws SQLException, InterruptedException {
    try {
      return probe.now();
    } catch (SQLException | RuntimeException e) {
      if (Thread.interrupted()) {
        InterruptedException interrupt = new InterruptedException();
        interrupt.initCause(e);
        throw interrupt;
      }
      throw e;
    }
  }

  /** Returns the present obstacles, one line each, for the error after a deadline. */
  public List<String> obstacles() {
    return WaitNotice.find(causes).stream().map(Obstacle::text).toList();
  }

  /** The error after the deadline: {@code problem}, and the present obstacles. */
  public UserError timedOut(String problem) {
    return new UserError(
        problem + obstacles().stream().map(line -> "\n  " + line).collect(Collectors.joining()),
        "the time is over; wait longer, or see 'status'");
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Waits for a fixed time. */
  public static void pause(Duration length) throws InterruptedException {
    new StopSignal().await(length);
  }
}
