package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What stops a table of this node, as {@code londiste.table_fault} keeps it.
 *
 * @param message the error, in one or more lines
 * @param attempts how often it was tried, 1 or more
 * @param firstSeen when the first of these attempts failed, by the database's clock
 * @param lastSeen when the last one failed
 * @param pause until the next attempt, zero when that is due; empty when only an operator lets the
 *     table go on
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
  /** What could not be done. */
  public enum Kind {
    /** The initial copy, or catching up after it. */
    COPY,
    /** Events of a table in sync. */
    APPLY,
    /** Does not stop the table: rows of other tables refer to rows that it does not have. */
    REFERENCE,
    /** The table's handler does not exist here. Follows from its attributes, so never stored. */
    HANDLER;

    static Kind parse(String sqlName) {
      return valueOf(sqlName.toUpperCase(Locale.ROOT));
    }

    public String sqlName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** True when the worker may try again now. */
  public boolean isDue() {
    return pause.map(Duration::isZero).orElse(false);
  }

  /** The first line of the message, for a status of one line. */
  public String summary() {
    return message.lines().findFirst().orElse("").strip();
  }

  /** In one line: what failed, how often, when it is tried again, and why it failed. */
  public String describe() {
    String times = attempts == 1 ? "" : " " + attempts + " times";
    String next =
        pause.map(TableFault::nextAttempt).orElse("waits for 'resync " + table.full() + "'");
    return switch (kind) {
      case COPY -> "copy failed" + times + ", " + next + ": " + summary();
      case APPLY -> "cannot be applied" + times + ", " + next + ": " + summary();
      case REFERENCE, HANDLER -> summary();
    };
  }

  private static String nextAttempt(Duration pause) {
    return pause.isZero() ? "next attempt is due" : "next attempt in " + seconds(pause) + " s";
  }

  private static long seconds(Duration pause) {
    return Math.max(1, pause.toSeconds());
  }
}
