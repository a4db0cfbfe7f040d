package dev.jlondiste.pgq.producer;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventWriter;
import dev.jlondiste.pgq.NewEvent;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads events into the queue's current event table by COPY if the role has the privileges: {@code
 * pgq_admin}, or INSERT on the queue's tables and USAGE on its event sequence. For other roles it
 * calls {@code pgq.insert_event} for hundreds of events at a time; {@link #isCopying} returns
 * which. Copied events do not count towards the queue's limit of events per transaction.
 *
 * <p>Buffers a bounded number of events; call {@link #close} or {@link #flush} before the commit to
 * send the rest. Used by one thread and for one transaction only.
 */
public final class BulkLoad implements AutoCloseable {
  private static final String CAN_COPY =
      """
      select has_table_privilege(quote_ident(split_part(t.name, '.', 1)) || '.'
                 || quote_ident(substr(t.name, strpos(t.name, '.') + 1)), 'INSERT')
             and has_sequence_privilege(quote_ident(split_part(q.queue_event_seq, '.', 1)) || '.'
                 || quote_ident(substr(q.queue_event_seq, strpos(q.queue_event_seq, '.') + 1)),
                 'USAGE')
        from pgq.queue q, (select ?::text) as t(name)
       where q.queue_name = ?
      """;

  private static final int MAX_BUFFERED = 500;

  /** The way the events are sent. */
  private interface Sink {
    void write(NewEvent event) throws SQLException;

    void copy(Event event) throws SQLException;

    void flush() throws SQLException;
  }

  private final Sink sink;
  private final boolean copying;

  private BulkLoad(Sink sink, boolean copying) {
    this.sink = sink;
    this.copying = copying;
  }

  static BulkLoad begin(QueueProducer producer, Connection db, String queue) throws SQLException {
    // The transaction must have an id before it reads the name of the current table. Rotation uses
    // ids to find transactions that may still write into the previous table, and consumers do not
    // read that table for transactions with later ids.
    Sql.one(db, "select txid_current()", row -> row.getLong(1));
    String table = PgqFunctions.currentEventTable(db, queue);
    boolean canCopy = Sql.one(db, CAN_COPY, row -> row.getBoolean(1), table, queue);
    return new BulkLoad(
        canCopy ? new Copy(producer, db, queue) : new Inserts(producer, db, new ArrayList<>()),
        canCopy);
  }

  /** True if the events are copied, false if the role may only insert them. */
  public boolean isCopying() {
    return copying;
  }

  /** Adds an event; it is sent when the buffer is full. */
  public void write(NewEvent event) throws SQLException {
    sink.write(event);
  }

  /**
   * Adds an event of another queue. Its time is kept if the events are copied; it gets a new id.
   */
  public void copy(Event event) throws SQLException {
    sink.copy(event);
  }

  /** Sends the buffered events. */
  public void flush() throws SQLException {
    sink.flush();
  }

  /** As {@link #flush}; neither ends the transaction nor closes the connection. */
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
    public void copy(Event event) throws SQLException {
      try {
        writer.write(event);
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

  private record Inserts(QueueProducer producer, Connection db, List<NewEvent> buffered)
      implements Sink {
    @Override
    public void write(NewEvent event) throws SQLException {
      buffered.add(event);
      if (buffered.size() == MAX_BUFFERED) {
        flush();
      }
    }

    @Override
    public void copy(Event event) throws SQLException {
      write(
          new NewEvent(
              event.type(),
              event.data(),
              event.extra1(),
              event.extra2(),
              event.extra3(),
              event.extra4()));
    }

    @Override
    public void flush() throws SQLException {
      producer.insertAll(db, buffered);
      buffered.clear();
    }
  }
}
