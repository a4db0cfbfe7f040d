package dev.jlondiste.admin;

import dev.jlondiste.loop.StopSignal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Looks again and again until something has come true. */
public final class Poll {
  private static final Duration EVERY = Duration.ofMillis(200);

  private Poll() {}

  /** One look. */
  @FunctionalInterface
  public interface Condition {
    boolean isTrue() throws SQLException;
  }

  /** Waits without a limit. */
  public static void until(Condition condition, WaitNotice notice)
      throws SQLException, InterruptedException {
    untilOrGiveUp(condition, notice, Duration.ofDays(36_500));
  }

  /** False when {@code atMost} was over first. */
  public static boolean untilOrGiveUp(Condition condition, WaitNotice notice, Duration atMost)
      throws SQLException, InterruptedException {
    Clock clock = Clock.systemUTC();
    Instant end = clock.instant().plus(atMost);
    StopSignal pause = new StopSignal();
    while (!condition.isTrue()) {
      if (clock.instant().isAfter(end)) {
        return false;
      }
      notice.look();
      pause.await(EVERY);
    }
    return true;
  }
}
