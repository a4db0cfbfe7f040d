package dev.jlondiste.loop;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * The timing of a loop.
 *
 * @param idlePause read after each idle step, so that a reload changes it; zero or negative: the
 *     loop ends after one pass
 * @param longestStep a step that runs longer counts as stuck, and systemd's watchdog may restart
 *     the process; choose a generous value
 */
public record Pace(Supplier<Duration> idlePause, Duration longestStep) {
  private static final Duration DAY = Duration.ofDays(1);

  public static Pace of(Duration idlePause) {
    return of(() -> idlePause);
  }

  public static Pace of(Supplier<Duration> idlePause) {
    return new Pace(idlePause, DAY);
  }

  public Pace allowing(Duration longest) {
    return new Pace(idlePause, longest);
  }
}
