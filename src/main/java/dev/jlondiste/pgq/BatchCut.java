package dev.jlondiste.pgq;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds where to cut a batch so that it can be applied in parts. The batch must span a single tick:
 * its events are ordered by id each time it is read. In a batch of several ticks a later event may
 * have a lower id.
 */
public final class BatchCut {
  private BatchCut() {}

  /**
   * Returns the id of the first event after the next part; empty if the part is the last.
   *
   * @param filter SQL condition over the {@code ev_*} columns; null for all events
   * @param after id of the last applied event
   * @param events number of events in a part, at least 1
   */
  public static OptionalLong find(
      Connection provider, Batch batch, @Nullable String filter, long after, int events)
      throws SQLException {
    String sql =
        "select ev_id from ("
            + BatchParts.unordered(provider, batch, filter)
            + ") as rest where ev_id > "
            + after
            + " order by ev_id offset "
            + events
            + " limit 1";
    try (Statement statement = provider.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet row = statement.executeQuery(sql)) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }
}
