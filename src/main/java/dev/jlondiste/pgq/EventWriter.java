package dev.jlondiste.pgq;

import dev.jlondiste.db.CopyText;
import dev.jlondiste.db.RawText;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads events straight into the queue's current table, as {@code pgq.current_event_table} allows.
 * Holds back a bounded number of bytes, or one event; {@link #flush} before the transaction
 * commits. Used by one thread only.
 */
public final class EventWriter {
  private static final int BUFFER_BYTES = 1 << 20;

  /** What an event takes beside its data. */
  private static final int EVENT_BYTES = 300;

  private record Waiting(long id, String time, NewEvent event, boolean raw) {}

  private final Connection local;
  private final String copySql;
  private final boolean keepIds;
  private final List<Waiting> waiting = new ArrayList<>();
  private long bytes;

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
            + "ev_time, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4) from stdin"
            + (RawText.isStored(local) ? " (encoding 'SQL_ASCII')" : "");
  }

  /** Repeats an event, its time, and its id when ids are kept. */
  public void write(Event event) throws SQLException {
    write(event, false);
  }

  /** As above; {@code raw}: data and further texts are {@link RawText}. */
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
   * Writes an event that was on no queue yet; only without kept ids.
   *
   * @param time of the event, as PostgreSQL reads it
   */
  public void write(String time, NewEvent event) throws SQLException {
    write(false, 0, time, event);
  }

  private void write(boolean raw, long id, String time, NewEvent event) throws SQLException {
    waiting.add(new Waiting(id, time, event, raw));
    String data = event.data();
    bytes += EVENT_BYTES + (data == null ? 0 : data.length());
    if (bytes >= BUFFER_BYTES) {
      flush();
    }
  }

  /** Sends what is held back. */
  public void flush() throws SQLException {
    if (waiting.isEmpty()) {
      return;
    }
    try (CopyText copy = new CopyText(local, copySql)) {
      for (Waiting next : waiting) {
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
      waiting.clear();
      bytes = 0;
    }
  }
}
