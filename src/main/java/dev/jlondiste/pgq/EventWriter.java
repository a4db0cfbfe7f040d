package dev.jlondiste.pgq;

import dev.jlondiste.db.CopyText;
import dev.jlondiste.db.RawText;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies events directly into the queue's current event table, the result of {@code
 * pgq.current_event_table}. Buffers up to 1 MB, or one event if that is larger; call {@link #flush}
 * before the transaction commits. Used by one thread only.
 */
public final class EventWriter {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Estimated size of an event without its data. */
  private static final int EVENT_BYTES = 300;

  private record BufferedEvent(long id, String time, NewEvent event, boolean raw) {}

  private final Connection local;
  private final String copySql;
  private final boolean keepIds;
  private final List<BufferedEvent> buffered = new ArrayList<>();
  private long bytes;

  /**
   * Creates a writer for one transaction: the current event table may change between transactions.
   *
   * @param keepIds true to keep the events' ids (branches), false to assign new ones (merge leaves)
   */
  public EventWriter(Connection local, String queue, boolean keepIds) throws SQLException {
    this.local = local;
    this.keepIds = keepIds;
    this.copySql =
        "copy "
            + TableName.parse(PgqFunctions.currentEventTable(local, queue)).quoted()
            + " ("
            + (keepIds ? "ev_id, " : "")
            + "ev_time, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4) from stdin"
            + (RawText.isStored(local) ? " (encoding 'SQL_ASCII')" : "");
  }

  /** Writes an event of another queue with its time, and with its id if ids are kept. */
  public void write(Event event) throws SQLException {
    write(event, false);
  }

  /**
   * As above; {@code raw} is true if its data and its extra fields after the first are {@link
   * RawText}.
   */
  public void write(Event event, boolean raw) throws SQLException {
    write(
        raw,
        event.id(),
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
   * Writes a new event. Not allowed if ids are kept.
   *
   * @param time of the event, in a format that PostgreSQL reads
   */
  public void write(String time, NewEvent event) throws SQLException {
    write(false, 0, time, event);
  }

  private void write(boolean raw, long id, String time, NewEvent event) throws SQLException {
    buffered.add(new BufferedEvent(id, time, event, raw));
    String data = event.data();
    bytes += EVENT_BYTES + (data == null ? 0 : data.length());
    if (bytes >= BUFFER_BYTES) {
      flush();
    }
  }

  /** Sends the buffered events. */
  public void flush() throws SQLException {
    if (buffered.isEmpty()) {
      return;
    }
    try (CopyText copy = new CopyText(local, copySql)) {
      for (BufferedEvent next : buffered) {
        if (keepIds) {
          copy.rows().value(Long.toString(next.id()));
        }
        NewEvent event = next.event();
        copy.rows()
            .value(next.time())
            .value(event.type())
            .value(event.data(), next.raw())
            .value(event.extra1())
            .value(event.extra2(), next.raw())
            .value(event.extra3(), next.raw())
            .value(event.extra4(), next.raw())
            .endRow();
      }
      copy.end();
    } finally {
      buffered.clear();
      bytes = 0;
    }
  }
}
