package dev.jlondiste.pgq.producer;

import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.NewEvent;
import dev.jlondiste.pgq.PgqFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Inserts events into one queue, in the transaction of the caller's connection: consumers see the
 * events after its commit, and never if it rolls back. Stateless and thread-safe.
 *
 * <p>Methods throw the server's exception with the queue's name in front if the queue does not
 * exist or is disabled because the database is a branch of a cascade, if the role lacks the
 * privilege ({@code grant pgq_writer to ROLE}), or if the transaction exceeds the queue's limit of
 * events.
 */
public final class QueueProducer {
  /** Inserts in the order of the arrays; one round trip. */
  private static final String INSERT_ALL =
      """
      select pgq.insert_event(?, e.type, e.data, e.extra1, e.extra2, e.extra3, e.extra4)
        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
          as e(type, data, extra1, extra2, extra3, extra4)
      """;

  /** Number of events in a round trip; bounds the memory that they need. */
  private static final int CHUNK = 500;

  private final String queue;

  /** Creates a producer; does not access a database. */
  public QueueProducer(String queue) {
    this.queue = queue;
  }

  /**
   * Inserts one event.
   *
   * @return its id
   */
  public long insert(Connection db, NewEvent event) throws SQLException {
    try {
      return PgqFunctions.insertEvent(db, queue, event);
    } catch (SQLException e) {
      throw named(e);
    }
  }

  /** As {@link #insert(Connection, NewEvent)}, without extra fields. */
  public long insert(Connection db, String type, @Nullable String data) throws SQLException {
    return insert(db, NewEvent.of(type, data));
  }

  /**
   * Inserts events, hundreds with each round trip.
   *
   * @param events iterated once, a few hundred events ahead of the inserts
   * @return their ids, in the order of the events
   */
  public List<Long> insertAll(Connection db, Iterable<NewEvent> events) throws SQLException {
    List<Long> ids = new ArrayList<>();
    Iterator<NewEvent> rest = events.iterator();
    while (rest.hasNext()) {
      List<NewEvent> chunk = new ArrayList<>(CHUNK);
      while (rest.hasNext() && chunk.size() < CHUNK) {
        chunk.add(rest.next());
      }
      ids.addAll(insertChunk(db, chunk));
    }
    return ids;
  }

  private List<Long> insertChunk(Connection db, List<NewEvent> events) throws SQLException {
    try {
      return Sql.list(
          db,
          INSERT_ALL,
          row -> row.getLong(1),
          queue,
          column(events, NewEvent::type),
          column(events, NewEvent::data),
          column(events, NewEvent::extra1),
          column(events, NewEvent::extra2),
          column(events, NewEvent::extra3),
          column(events, NewEvent::extra4));
    } catch (SQLException e) {
      throw named(e);
    }
  }

  private static List<@Nullable String> column(
      List<NewEvent> events, Function<NewEvent, @Nullable String> field) {
    List<@Nullable String> values = new ArrayList<>(events.size());
    for (NewEvent event : events) {
      values.add(field.apply(event));
    }
    return values;
  }

  /**
   * Begins a bulk load, the fastest way to insert many events; see {@link BulkLoad}. Close or flush
   * it before the transaction commits.
   *
   * @param db outside autocommit
   */
  public BulkLoad bulk(Connection db) throws SQLException {
    if (db.getAutoCommit()) {
      throw new IllegalArgumentException(
          "a bulk load into queue '"
              + queue
              + "' needs a transaction: call setAutoCommit(false) on the connection first");
    }
    try {
      return BulkLoad.begin(this, db, queue);
    } catch (SQLException e) {
      throw named(e);
    }
  }

  /** Adds the name of the queue, which the server's messages do not contain. */
  SQLException named(SQLException e) {
    return new SQLException(
        "queue '" + queue + "': " + e.getMessage(), e.getSQLState(), e.getErrorCode(), e);
  }

  /** The queue's name. */
  @Override
  public String toString() {
    return queue;
  }
}
