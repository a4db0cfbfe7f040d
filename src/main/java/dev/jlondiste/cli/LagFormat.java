package dev.jlondiste.cli;

import java.time.Duration;
import java.util.Optional;

/** A lag as {@code XdXhXmXs}: zero parts are left out, seconds always shown. */
final class LagFormat {
  private LagFormat() {}

  static String of(Optional<Duration> lag) {
    return lag.map(LagFormat::of).orElse("(n/a)");
  }

  static String of(Duration lag) {
    return part(lag.toDaysPart(), "d")
        + part(lag.toHoursPart(), "h")
        + part(lag.toMinutesPart(), "m")
        + lag.toSecondsPart()
        + "s";
  }

  private static String part(long value, String unit) {
    return value == 0 ? "" : value + unit;
  }
}
