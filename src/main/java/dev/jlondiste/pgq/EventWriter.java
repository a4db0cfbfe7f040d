package dev.jlondiste.pgq;

import dev.jlondiste.db.TableName;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Loads events straight into the queue's current table, as {@code pgq.current_event_table} allows.
 * Buffers a bounded number of bytes; {@link #flush} before the transaction commits. Used by one
 * thread only.
 */
public final class EventWriter {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Connection local;
  private final String copySql;
  private final boolean keepIds;
  private final StringBuilder buffer = new StringBuilder();

  /**
   * Looks up the current event table: one writer serves one transaction.
   *
   * @param keepIds true to repeat the events' ids (branches), false to take new ones (merge leaves)
   */
  public EventWriter(Connection local, String queue, boolean keepIds) throws SQLException {
    this.local = local;
    this.keepIds = keepIds;
    this.copySql =
        "copy "
            + TableName.parse(PgqFunctions.currentEventTable(local, queue)).quoted()
            + " ("
            + (keepIds ? "ev_id, " : "")
            + "ev_time, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4) from stdin";
  }

  /** Repeats an event, its time, and its id when ids are kept. */
  public void write(Event event) throws SQLException {
    if (keepIds) {
      buffer.append(event.id()).append('\t');
    }
    write(
        event.time(),
        new NewEvent(
            event.type(),
            event.data(),
            event.extra1(),
            event.extra2(),
            event.extra3(),
            event.extra4()));
  }

  /**
   * Writes an event that was on no queue yet; only without kept ids.
   *
   * @param time of the event, as PostgreSQL reads it
   */
  public void write(String time, NewEvent event) throws SQLException {
    append(time).append('\t');
    append(event.type()).append('\t');
    append(event.data()).append('\t');
    append(event.extra1()).append('\t');
    append(event.extra2()).append('\t');
    append(event.extra3()).append('\t');
    append(event.extra4()).append('\n');
    if (buffer.length() >= BUFFER_BYTES) {
      flush();
    }
  }

  /** Sends what is buffered. */
  public void flush() throws SQLException {
    if (buffer.length() == 0) {
      return;
    }
    byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
    buffer.setLength(0);
    CopyIn copy = local.unwrap(PGConnection.class).getCopyAPI().copyIn(copySql);
    try {
      copy.writeToCopy(bytes, 0, bytes.length);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** One field in COPY's text format. */
  private StringBuilder append(@Nullable String value) {
    if (value == null) {
      return buffer.append("\\N");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> buffer.append("\\\\");
        case '\t' -> buffer.append("\\t");
        case '\n' -> buffer.append("\\n");
        case '\r' -> buffer.append("\\r");
        default -> buffer.append(c);
      }
    }
    return buffer;
  }
}
