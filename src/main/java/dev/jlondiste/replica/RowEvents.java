package dev.jlondiste.replica;

import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.apply.RowApplier;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.replica.handler.TableHandlers;
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

  /**
   * Creates the handler that is stored with the table.
   *
   * @throws IllegalStateException if it does not exist here
   */
  public static TableHandler handler(TableInfo table) {
    return TableHandlers.find(table.handler())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "table %s: handler '%s' does not exist here"
                        .formatted(table.name().full(), table.handler())))
        .create(table.destination(), table.handlerArguments());
  }

  /** Applies a row change or a truncate. */
  public static void apply(DecodedEvent arrival, TableHandler handler, RowApplier applier)
      throws SQLException {
    Event event = arrival.event();
    if (arrival.row() != null || !event.isTruncate()) {
      handler.apply(arrival, applier);
    } else {
      handler.truncate(event, applier);
    }
  }
}
