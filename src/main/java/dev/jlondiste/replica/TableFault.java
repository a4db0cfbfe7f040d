package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A problem that stops a table of this node: a row of {@code londiste.table_fault}.
 *
 * @param message the error, in one or more lines
 * @param attempts the number of attempts, 1 or more
 * @param firstSeen when the first of these attempts failed, by the database's clock
 * @param lastSeen when the last one failed
 * @param pause the time until the next attempt, zero if it is due; empty if the table waits for an
 *     operator
 * @param attributes details such as the event; may be empty
 */
public record TableFault(
    TableName table,
    Kind kind,
    String message,
    int attempts,
    Instant firstSeen,
    Instant lastSeen,
    Optional<Duration> pause,
    Map<String, String> attributes) {
  /** An attribute: the remedy, if it is not {@code resync}. */
  static final String REMEDY = "remedy";

  /** The operation that failed. */
  public enum Kind {
    /** The initial copy, or catching up after it. */
    COPY,
    /** Events of a table in sync. */
    APPLY,
    /** Rows of other tables refer to rows that the table does not have. Does not stop the table. */
    REFERENCE,
    /** Events of the table were not applied: see {@link SkipMark}. Does not stop the table. */
    SKIPPED,
    /**
     * The table's handler does not exist here. Derived from the table's attributes, never stored.
     */
    HANDLER;

    static Kind parse(String sqlName) {
      return valueOf(sqlName.toUpperCase(Locale.ROOT));
    }

    /** True if the table is not kept in sync until the fault is gone. */
    public boolean stopsTable() {
      return this != REFERENCE && this != SKIPPED;
    }

    public String sqlName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** True if the worker may retry now. */
  public boolean isDue() {
    return pause.map(Duration::isZero).orElse(false);
  }

  /** Returns what an operator does once the cause is removed. */
  public String remedy() {
    return attributes.getOrDefault(REMEDY, "resync " + table.full());
  }

  /** Returns the first line of the message. */
  public String summary() {
    return message.lines().findFirst().orElse("").strip();
  }

  /** Returns in one line what failed, how often, when it is retried, and why it failed. */
  public String describe() {
    String times = attempts == 1 ? "" : " " + attempts + " times";
    String next = pause.map(TableFault::nextAttempt).orElse(waiting());
    return switch (kind) {
      case COPY -> "copy failed" + times + ", " + next + ": " + summary();
      case APPLY -> "cannot be applied" + times + ", " + next + ": " + summary();
      case SKIPPED -> SkipMark.describe(this);
      case REFERENCE, HANDLER -> summary();
    };
  }

  private String waiting() {
    return attributes.containsKey(REMEDY)
        ? "waits for an operator (" + remedy() + ")"
        : "waits for '" + remedy() + "'";
  }

  private static String nextAttempt(Duration pause) {
    return pause.isZero() ? "next attempt is due" : "next attempt in " + seconds(pause) + " s";
  }

  private static long seconds(Duration pause) {
    return Math.max(1, pause.toSeconds());
  }
}
