package dev.jlondiste.admin.status;

import dev.jlondiste.db.TableName;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far the first copy of a table is, as the worker last published it.
 *
 * @param rowsEstimated 0 when not known
 * @param running from the start of the copy to the last word about it
 */
public record RunningCopy(
    TableName table, Phase phase, long bytes, long rows, long rowsEstimated, Duration running) {
  /** What the copy is busy with. */
  public enum Phase {
    ROWS,
    /** All rows are there; indexes and keys are being built. */
    INDEXES;

    static Phase parse(String sqlName) {
      return sqlName.equals("index") ? INDEXES : ROWS;
    }
  }

  /** Never 100: the estimate may be too low, and the copy is not done. */
  public OptionalInt percent() {
    return rowsEstimated <= 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.min(99, Math.round(100.0 * rows / rowsEstimated)));
  }

  /** 0 while nothing has been measured. */
  public double bytesPerSecond() {
    return running.toMillis() <= 0 ? 0 : bytes * 1000.0 / running.toMillis();
  }

  /** Time left at the speed so far; empty where there is no telling. */
  public Optional<Duration> timeLeft() {
    if (rows <= 0 || rowsEstimated <= rows) {
      return Optional.empty();
    }
    double perRow = (double) running.toMillis() / rows;
    return Optional.of(Duration.ofMillis(Math.round(perRow * (rowsEstimated - rows))));
  }
}
