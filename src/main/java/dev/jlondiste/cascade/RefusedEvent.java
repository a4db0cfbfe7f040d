package dev.jlondiste.cascade;

import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.row.EventFormat;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one event of a batch that this node cannot apply, with what an operator needs to find its
 * row.
 */
public final class RefusedEvent extends SQLException {
  private static final long serialVersionUID = 1;
  private static final int MAX_VALUE = 60;

  private final long eventId;
  private final @Nullable String table;
  private final String operation;
  private final String key;

  private RefusedEvent(Event event, @Nullable RowChange row, Exception cause) {
    super(
        "[ev_id=" + event.id() + ",ev_txid=" + event.txid() + "] " + cause.getMessage(),
        cause instanceof SQLException e ? e.getSQLState() : null,
        cause);
    this.eventId = event.id();
    this.table = event.isTableEvent() ? event.extra1() : null;
    this.operation = operation(event, row);
    this.key = row == null ? "" : key(row);
  }

  /**
   * Names the event of a failure. A failure that has its event, and one that would pass by itself
   * and so is not the event's, are returned as they are.
   *
   * @param row what the event did; null when it is no row change, or unreadable
   */
  public static SQLException of(Event event, @Nullable RowChange row, SQLException e) {
    boolean passes = SqlFaults.isTransient(e) && !SqlFaults.isTooLarge(e);
    return e instanceof RefusedEvent || passes ? e : new RefusedEvent(event, row, e);
  }

  /** As above, for an event that is refused before it reaches the server. */
  public static SQLException of(Event event, @Nullable RowChange row, RuntimeException e) {
    return new RefusedEvent(event, row, e);
  }

  private static String operation(Event event, @Nullable RowChange row) {
    if (row != null) {
      return row.operation().name();
    }
    EventFormat format = EventFormat.of(event.type());
    if (format == null) {
      return event.extra1() == null ? event.type() : event.type() + " " + event.extra1();
    }
    try {
      return format.head(event.type()).action().name();
    } catch (IllegalArgumentException e) {
      return "row change";
    }
  }

  private static String key(RowChange row) {
    List<String> parts = new ArrayList<>();
    int[] positions = row.shape().keyPositions();
    for (int i = 0; i < positions.length; i++) {
      String value = positions[i] < 0 ? null : row.value(positions[i]);
      parts.add(row.keys().get(i) + "=" + (value == null ? "NULL" : shortened(value)));
    }
    return String.join(", ", parts);
  }

  private static String shortened(String value) {
    String line = value.replace('\n', ' ').replace('\r', ' ');
    return line.length() <= MAX_VALUE ? line : line.substring(0, MAX_VALUE) + "...";
  }

  public long eventId() {
    return eventId;
  }

  /** The queue-wide name of the event's table; empty for scripts, sequences and registrations. */
  public Optional<String> table() {
    return Optional.ofNullable(table);
  }

  /** {@code ev_id 17, table public.t, INSERT, key id=5001}; what is not known is left out. */
  public String where() {
    return "ev_id "
        + eventId
        + (table == null ? "" : ", table " + table)
        + ", "
        + operation
        + (key.isEmpty() ? "" : ", key " + key);
  }

  /** What the server, or the reader of the event, says: without the event, in one or more lines. */
  public String reason() {
    return String.valueOf(reasonOf(this));
  }

  private static @Nullable String reasonOf(RefusedEvent e) {
    Throwable cause = e.getCause();
    return cause == null ? e.getMessage() : cause.getMessage();
  }
}
