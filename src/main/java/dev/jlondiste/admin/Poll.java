package dev.jlondiste.admin;

import dev.jlondiste.loop.StopSignal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Looks again and again until something has come true. */
public final class Poll {
  private static final Duration EVERY = Duration.ofMillis(200);
  private static final Duration HINT_EVERY = Duration.ofSeconds(30);

  private Poll() {}

  /** One look. */
  @FunctionalInterface
  public interface Condition {
    boolean isTrue() throws SQLException;
  }

  /** Waits for ever; {@code hint} is run now and then, to tell what is waited for. */
  public static void until(Condition condition, Runnable hint)
      throws SQLException, InterruptedException {
    untilOrGiveUp(condition, hint, Duration.ofDays(36_500));
  }

  /** False when {@code atMost} was over first. */
  public static boolean untilOrGiveUp(Condition condition, Runnable hint, Duration atMost)
      throws SQLException, InterruptedException {
    Clock clock = Clock.systemUTC();
    Instant end = clock.instant().plus(atMost);
    Instant nextHint = clock.instant().plus(HINT_EVERY);
    StopSignal pause = new StopSignal();
    while (!condition.isTrue()) {
      Instant now = clock.instant();
      if (now.isAfter(end)) {
        return false;
      }
      if (now.isAfter(nextHint)) {
        hint.run();
        nextHint = now.plus(HINT_EVERY);
      }
      pause.await(EVERY);
    }
    return true;
  }
}
