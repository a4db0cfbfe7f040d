package dev.jlondiste.replica;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.BadEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import java.time.Instant;
import java.util.Optional;

/**
 * An event that could not be applied and was skipped: a row of {@code londiste.dead_letter}.
 *
 * @param table the queue-wide name
 * @param node the node that skipped it
 * @param tick the end of its batch
 * @param error of the last attempt, in one or more lines
 * @param sqlState empty if the event was refused before it reached the server
 * @param attempts the number of attempts, 1 or more
 * @param skippedAt when the batch skipped it, by the database's clock
 */
public record DeadLetter(
    long id,
    TableName table,
    String node,
    long tick,
    Event event,
    String error,
    Optional<String> sqlState,
    int attempts,
    Instant skippedAt) {
  /** The operation and the key of the row, such as {@code INSERT id=5}. */
  public String change() {
    if (event.isTruncate()) {
      return "TRUNCATE";
    }
    if (!event.hasColumns() || event.isPartitionDeletion()) {
      return event.type();
    }
    try {
      RowChange row = RowChangeReader.read(event);
      return row.operation() + " " + row.keyText();
    } catch (BadEvent e) {
      return event.type();
    }
  }

  /** The first line of the error. */
  public String summary() {
    return error.lines().findFirst().orElse("").strip();
  }
}
