package dev.jlondiste.differential;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value of an answer, without what cannot be equal on two databases.
 *
 * @param text what has to be equal; null is null
 * @param seconds for times and durations that come of the clock: seconds from now, or how long; it
 *     has to be nearly equal
 */
record Cell(@Nullable String text, double seconds) {
  /** Sequences take seconds, the times they play with are minutes apart. */
  private static final double NEARLY = 60;

  static Cell exact(@Nullable String text) {
    return new Cell(text, 0);
  }

  static Cell clock(double seconds) {
    return new Cell("clock", seconds);
  }

  boolean agreesWith(Cell other) {
    return Objects.equals(text, other.text) && Math.abs(seconds - other.seconds) < NEARLY;
  }

  @Override
  public String toString() {
    return text == null
        ? "NULL"
        : seconds == 0 ? "'" + text + "'" : "clock%+.3fs".formatted(seconds);
  }
}
