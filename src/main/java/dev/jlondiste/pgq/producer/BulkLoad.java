package dev.jlondiste.pgq.producer;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.EventWriter;
import dev.jlondiste.pgq.NewEvent;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads events into the queue's current table by COPY, as far as the role may: it needs {@code
 * pgq_admin}, or INSERT on the queue's tables and USAGE of its event sequence. For other roles the
 * events go through {@code pgq.insert_event}, hundreds at a time; {@link #isCopying} tells. A
 * queue's limit of events per transaction does not count what is copied.
 *
 * <p>Bounded memory; {@link #close} or {@link #flush} before the commit sends the rest. Used by one
 * thread and for one transaction only.
 */
public final class BulkLoad implements AutoCloseable {
  private static final String MAY_COPY =
      """
      select has_table_privilege(quote_ident(split_part(t.name, '.', 1)) || '.'
                 || quote_ident(substr(t.name, strpos(t.name, '.') + 1)), 'INSERT')
             and has_sequence_privilege(quote_ident(split_part(q.queue_event_seq, '.', 1)) || '.'
                 || quote_ident(substr(q.queue_event_seq, strpos(q.queue_event_seq, '.') + 1)),
                 'USAGE')
        from pgq.queue q, (select ?::text) as t(name)
       where q.queue_name = ?
      """;

  private static final int CHUNK = 500;

  /** Where the events go. */
  private interface Sink {
    void write(NewEvent event) throws SQLException;

    void flush() throws SQLException;
  }

  private final Sink sink;
  private final boolean copying;

  private BulkLoad(Sink sink, boolean copying) {
    this.sink = sink;
    this.copying = copying;
  }

  static BulkLoad begin(QueueProducer producer, Connection db, String queue) throws SQLException {
    // The transaction needs its id before it looks up the table: the rotation of tables tells by
    // ids who may still write into the old one, and readers would not look there for a later one.
    Sql.one(db, "select txid_current()", row -> row.getLong(1));
    String table = PgqFunctions.currentEventTable(db, queue);
    boolean mayCopy = Sql.one(db, MAY_COPY, row -> row.getBoolean(1), table, queue);
    return new BulkLoad(
        mayCopy ? new Copy(producer, db, queue) : new Inserts(producer, db, new ArrayList<>()),
        mayCopy);
  }

  /** True when the events are copied, false when the role may only insert them. */
  public boolean isCopying() {
    return copying;
  }

  /** Takes the event; it is sent when enough have come together. */
  public void write(NewEvent event) throws SQLException {
    sink.write(event);
  }

  /** Sends what was not sent yet. */
  public void flush() throws SQLException {
    sink.flush();
  }

  /** As {@link #flush}; the transaction and its connection stay the caller's. */
  @Override
  public void close() throws SQLException {
    flush();
  }

  private static final class Copy implements Sink {
    private final QueueProducer producer;
    private final EventWriter writer;
    private final String now;

    Copy(QueueProducer producer, Connection db, String queue) throws SQLException {
      this.producer = producer;
      this.writer = new EventWriter(db, queue, false);
      this.now = Sql.one(db, "select now()::text", row -> row.getString(1));
    }

    @Override
    public void write(NewEvent event) throws SQLException {
      try {
        writer.write(now, event);
      } catch (SQLException e) {
        throw producer.named(e);
      }
    }

    @Override
    public void flush() throws SQLException {
      try {
        writer.flush();
      } catch (SQLException e) {
        throw producer.named(e);
      }
    }
  }

  private record Inserts(QueueProducer producer, Connection db, List<NewEvent> waiting)
      implements Sink {
    @Override
    public void write(NewEvent event) throws SQLException {
      waiting.add(event);
      if (waiting.size() == CHUNK) {
        flush();
      }
    }

    @Override
    public void flush() throws SQLException {
      producer.insertAll(db, waiting);
      waiting.clear();
    }
  }
}
