package dev.jlondiste.replica;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.apply.RowApplier;
import java.sql.SQLException;

/** Decides whether an event of a table is applied here, and hands it to the applier. */
public final class RowEvents {
  private RowEvents() {}

  /** Row changes and truncates: events that belong to a table. */
  public static boolean isTableEvent(Event event) {
    return event.isTableEvent();
  }

  /** True unless the table already contains the event because its first copy saw it. */
  public static boolean isAfterCopySnapshot(Event event, TableInfo table) {
    return table.snapshot().map(snapshot -> !snapshot.sees(event.txid())).orElse(true);
  }

  public static void apply(DecodedEvent arrival, TableInfo table, RowApplier applier)
      throws SQLException {
    Event event = arrival.event();
    if (arrival.row() != null || !event.isTruncate()) {
      applier.apply(arrival, table.destination());
    } else if (!table.ignoresTruncate()) {
      applier.truncate(event, table.destination());
    }
  }
}
