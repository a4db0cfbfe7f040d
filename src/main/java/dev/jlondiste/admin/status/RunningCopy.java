package dev.jlondiste.admin.status;

import dev.jlondiste.db.TableName;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The progress of the initial copy of a table, as last recorded by the worker.
 *
 * @param rowsEstimated 0 if unknown
 * @param running time from the start of the copy to the last record
 */
public record RunningCopy(
    TableName table, Phase phase, long bytes, long rows, long rowsEstimated, Duration running) {
  /** The phase of a copy. */
  public enum Phase {
    ROWS,
    /** All rows are copied; indexes and keys are being built. */
    INDEXES;

    static Phase parse(String sqlName) {
      return sqlName.equals("index") ? INDEXES : ROWS;
    }
  }

  /** At most 99, because the estimate may be too low. */
  public OptionalInt percent() {
    return rowsEstimated <= 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.min(99, Math.round(100.0 * rows / rowsEstimated)));
  }

  /** 0 before the first measurement. */
  public double bytesPerSecond() {
    return running.toMillis() <= 0 ? 0 : bytes * 1000.0 / running.toMillis();
  }

  /** Remaining time at the average speed; empty if it cannot be estimated. */
  public Optional<Duration> timeLeft() {
    if (rows <= 0 || rowsEstimated <= rows) {
      return Optional.empty();
    }
    double perRow = (double) running.toMillis() / rows;
    return Optional.of(Duration.ofMillis(Math.round(perRow * (rowsEstimated - rows))));
  }
}
