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
 * The event of a batch that this node cannot apply, with the data an operator needs to find its
 * row.
 */
public final class RefusedEvent extends SQLException {
  private static final long serialVersionUID = 1;
  private static final int MAX_VALUE = 60;

  private final long eventId;
  private final @Nullable String table;
  private final @Nullable String script;
  private final String operation;
  private final String key;

  private RefusedEvent(Event event, @Nullable RowChange row, Exception cause) {
    super(
        "[ev_id=" + event.id() + ",ev_txid=" + event.txid() + "] " + cause.getMessage(),
        cause instanceof SQLException e ? e.getSQLState() : null,
        cause);
    this.eventId = event.id();
    this.table = event.isTableEvent() ? event.extra1() : null;
    this.script = event.type().equals("EXECUTE") ? event.extra1() : null;
    this.operation = operation(event, row);
    this.key = row == null ? "" : key(row);
  }

  /**
   * Adds the event to a failure. A failure that already has an event is returned unchanged, and so
   * is a transient failure, which the event did not cause.
   *
   * @param row the row change; null if the event is not a row change or cannot be decoded
   */
  public static SQLException of(Event event, @Nullable RowChange row, SQLException e) {
    boolean passes = SqlFaults.isTransient(e) && !SqlFaults.isTooLarge(e);
    return e instanceof RefusedEvent || passes ? e : new RefusedEvent(event, row, e);
  }

  /** The same for an event that is refused before it is sent to the server. */
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

  /** The name of the script that {@code execute} has sent; empty for all other events. */
  public Optional<String> script() {
    return Optional.ofNullable(script);
  }

  /** {@code ev_id 17, table public.t, INSERT, key id=5001}; unknown parts are omitted. */
  public String where() {
    return "ev_id "
        + eventId
        + (table == null ? "" : ", table " + table)
        + ", "
        + operation
        + (key.isEmpty() ? "" : ", key " + key);
  }

  /**
   * The message of the server or of the event's decoder, without the event, in one or more lines.
   */
  public String reason() {
    return String.valueOf(reasonOf(this));
  }

  private static @Nullable String reasonOf(RefusedEvent e) {
    Throwable cause = e.getCause();
    return cause == null ? e.getMessage() : cause.getMessage();
  }
}
