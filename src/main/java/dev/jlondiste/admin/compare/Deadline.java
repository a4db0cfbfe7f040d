package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.WaitNotice;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.StopSignal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * How long others may be kept waiting: {@code lock_timeout}, or for ever when that is zero or the
 * operator insists.
 */
final class Deadline {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PAUSE_OF_ATTEMPT = Duration.ofMillis(20);

  private final long until;
  private final boolean endless;
  private final StopSignal stop;
  private final WaitNotice.Causes causes;
  private final Optional<Deadline> whole;

  private Deadline(
      long until,
      boolean endless,
      StopSignal stop,
      WaitNotice.Causes causes,
      Optional<Deadline> whole) {
    this.until = until;
    this.endless = endless;
    this.stop = stop;
    this.causes = causes;
    this.whole = whole;
  }

  /** Starts now; {@code causes} finds out what the waits are held up by. */
  static Deadline of(
      Duration lockTimeout, boolean force, StopSignal stop, WaitNotice.Causes causes) {
    boolean endless = force || lockTimeout.isZero();
    return new Deadline(
        System.nanoTime() + (endless ? 0 : lockTimeout.toNanos()),
        endless,
        stop,
        causes,
        Optional.empty());
  }

  /** A part of it for one attempt, which starts now and ends with {@link AttemptOver}. */
  Deadline attempt(Duration length) {
    return new Deadline(
        System.nanoTime() + length.toNanos(), false, stop, causes, Optional.of(this));
  }

  /** An attempt has taken too long, and there is time for another. */
  static final class AttemptOver extends RuntimeException {
    private static final long serialVersionUID = 1;

    AttemptOver(String missing) {
      super(missing);
    }
  }

  /** A fact that may become true. */
  @FunctionalInterface
  interface Fact {
    boolean holds() throws SQLException;
  }

  /** Returns once the fact holds; {@code missing} says what is missing as long as it does not. */
  void await(Fact fact, String missing) throws SQLException, InterruptedException {
    WaitNotice notice = new WaitNotice("a common point: " + missing, causes);
    while (!fact.holds()) {
      if (isOver() && whole.isPresent() && !whole.get().isOver()) {
        throw new AttemptOver(missing);
      } else if (isOver()) {
        throw new UserError(
            "Consumer lagging too much, exiting",
            missing + "; see 'status', or wait longer with --force or a greater lock_timeout");
      }
      notice.look();
      pause(whole.isPresent() ? PAUSE_OF_ATTEMPT : PAUSE);
    }
  }

  private boolean isOver() {
    return !endless && System.nanoTime() - until > 0;
  }

  void pause(Duration length) throws InterruptedException {
    if (stop.await(length)) {
      throw new InterruptedException();
    }
  }
}
