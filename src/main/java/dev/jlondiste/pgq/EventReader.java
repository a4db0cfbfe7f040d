package dev.jlondiste.pgq;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a batch in the order of their ids. With a fetch size it reads through a
 * cursor, so that only that many events are in memory; the provider's transaction must then stay
 * open. Used by one thread only.
 */
public final class EventReader {
  private static final String CURSOR = "batch_walker";
  private static final String COLUMNS =
      """
      select ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data,
             ev_extra1, ev_extra2, ev_extra3, ev_extra4
      """;

  private final Connection provider;
  private final int fetchSize;
  private Iterator<Event> fetched;
  private boolean exhausted;

  private EventReader(Connection provider, int fetchSize, List<Event> first) {
    this.provider = provider;
    this.fetchSize = fetchSize;
    this.fetched = first.iterator();
    this.exhausted = fetchSize == 0 || first.size() < fetchSize;
  }

  /**
   * Opens the batch.
   *
   * @param fetchSize number of events in memory at a time; 0 reads the whole batch at once and
   *     needs no transaction
   * @param filter SQL condition over the {@code ev_*} columns; null for all events
   */
  public static EventReader open(
      Connection provider, Batch batch, int fetchSize, @Nullable String filter)
      throws SQLException {
    if (fetchSize == 0) {
      String condition = filter == null ? "" : " where " + filter;
      return new EventReader(
          provider,
          0,
          Sql.list(
              provider,
              COLUMNS + " from pgq.get_batch_events(?)" + condition,
              EventReader::readEvent,
              batch.id()));
    }
    return new EventReader(
        provider,
        fetchSize,
        Sql.list(
            provider,
            COLUMNS + " from pgq.get_batch_cursor(?, ?, ?, ?)",
            EventReader::readEvent,
            batch.id(),
            CURSOR,
            fetchSize,
            filter));
  }

  /** Returns the next event; empty at the end of the batch. */
  public Optional<Event> next() throws SQLException {
    if (!fetched.hasNext() && !exhausted) {
      List<Event> more =
          Sql.list(provider, "fetch " + fetchSize + " from " + CURSOR, EventReader::readEvent);
      exhausted = more.size() < fetchSize;
      fetched = more.iterator();
    }
    return fetched.hasNext() ? Optional.of(fetched.next()) : Optional.empty();
  }

  /** Closes the cursor. Only needed if the transaction continues. */
  public void close() throws SQLException {
    if (fetchSize > 0) {
      Sql.run(provider, "close " + CURSOR);
    }
  }

  /**
   * Returns a filter for {@link #open} that selects events whose {@code ev_extra1} is one of the
   * names.
   */
  public static String onlyTables(List<String> names) {
    return names.isEmpty()
        ? "false"
        : "ev_extra1 in (" + String.join(",", names.stream().map(Quoting::literal).toList()) + ")";
  }

  private static Event readEvent(ResultSet row) throws SQLException {
    int retry = row.getInt("ev_retry");
    boolean firstDelivery = row.wasNull();
    String type = row.getString("ev_type");
    return new Event(
        row.getLong("ev_id"),
        row.getString("ev_time"),
        row.getLong("ev_txid"),
        firstDelivery ? null : retry,
        type == null ? "" : type,
        row.getString("ev_data"),
        row.getString("ev_extra1"),
        row.getString("ev_extra2"),
        row.getString("ev_extra3"),
        row.getString("ev_extra4"));
  }
}
