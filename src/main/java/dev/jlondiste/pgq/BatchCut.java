package dev.jlondiste.pgq;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a batch of one tick can be cut, so that it is applied in parts. Its events have the order
 * of their ids, which they keep whenever it is read; in a batch of several ticks a later one may
 * have the lower id.
 */
public final class BatchCut {
  private BatchCut() {}

  /**
   * The id at which the next part begins; empty when the rest of the batch has no more events.
   *
   * @param filter SQL condition over the {@code ev_*} columns; null for all events
   * @param after id of the last event that was applied
   * @param events of a part, 1 or more
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
