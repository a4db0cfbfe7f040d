package dev.jlondiste.replica;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.handler.TableHandler;
import java.sql.SQLException;

/** Decides whether an event of a table is applied here, and passes it to the table's handler. */
public final class RowEvents {
  private RowEvents() {}

  /** True for row changes and truncates, the events that belong to a table. */
  public static boolean isTableEvent(Event event) {
    return event.isTableEvent();
  }

  /** True unless the initial copy already contains the event. */
  public static boolean isAfterCopySnapshot(Event event, TableInfo table) {
    return table.snapshot().map(snapshot -> !snapshot.sees(event.txid())).orElse(true);
  }

  /** Applies a row change or a truncate. */
  public static void apply(DecodedEvent arrival, TableHandler handler) throws SQLException {
    if (isTruncate(arrival)) {
      handler.truncate(arrival.event());
    } else if (isPartitionDeletion(arrival)) {
      handler.deletePartition(arrival.readable());
    } else {
      handler.apply(arrival);
    }
  }

  /** True if the event of a table is a truncate. */
  public static boolean isTruncate(DecodedEvent arrival) {
    return arrival.row() == null && arrival.event().isTruncate();
  }

  /** True if rows are deleted because a partition of the source was truncated or is gone. */
  public static boolean isPartitionDeletion(DecodedEvent arrival) {
    return arrival.row() == null && arrival.event().isPartitionDeletion();
  }

  /** True if what handlers buffer has to be written before the event. */
  public static boolean changesManyRows(DecodedEvent arrival) {
    return isTruncate(arrival) || isPartitionDeletion(arrival);
  }
}
