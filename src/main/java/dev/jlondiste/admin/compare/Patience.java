package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.WaitNotice;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.StopSignal;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How long others may be kept waiting: {@code lock_timeout}, or for ever when that is zero or the
 * operator insists.
 */
final class Patience {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final long until;
  private final boolean endless;
  private final StopSignal stop;
  private final WaitNotice.Causes causes;

  private Patience(long until, boolean endless, StopSignal stop, WaitNotice.Causes causes) {
    this.until = until;
    this.endless = endless;
    this.stop = stop;
    this.causes = causes;
  }

  /** Starts now; {@code causes} finds out what the waits are held up by. */
  static Patience of(
      Duration lockTimeout, boolean force, StopSignal stop, WaitNotice.Causes causes) {
    boolean endless = force || lockTimeout.isZero();
    return new Patience(System.nanoTime() + (endless ? 0 : lockTimeout.toNanos()), endless, stop, causes);
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
      if (!endless && System.nanoTime() - until > 0) {
        throw new UserError(
            "Consumer lagging too much, exiting",
            missing + "; see 'status', or wait longer with --force or a greater lock_timeout");
      }
      notice.look();
      if (stop.await(PAUSE)) {
        throw new InterruptedException();
      }
    }
  }
}
