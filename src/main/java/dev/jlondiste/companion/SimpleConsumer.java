package dev.jlondiste.companion;

import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.consumer.BatchEvents;
import java.sql.Connection;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Executes a statement for each changed row whose event has the columns of the row; other events
 * are counted as ignored.
 */
record SimpleConsumer(EventQuery query) implements BatchWriter {
  @Override
  public Map<String, Long> write(BatchEvents events, Batch batch, Connection destination)
      throws Exception {
    long count = 0;
    long ignored = 0;
    try (Statement statement = destination.createStatement()) {
      statement.setEscapeProcessing(false);
      for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
        Event event = next.get();
        count++;
        if (event.hasColumns()) {
          statement.execute(query.text(values(event, batch)));
        } else {
          ignored++;
        }
      }
    }
    return ignored == 0
        ? Map.of("count", count)
        : new LinkedHashMap<>(Map.of("count", count, "ignored_events", ignored));
  }

  /** The columns of the row, and the fields of the event with the prefix {@code pgq.}. */
  private static Map<String, @Nullable String> values(Event event, Batch batch) {
    Map<String, @Nullable String> values =
        new LinkedHashMap<>(RowChangeReader.read(event).columns());
    values.put("pgq.tick_id", String.valueOf(batch.currentTick()));
    values.put("pgq.ev_id", String.valueOf(event.id()));
    values.put("pgq.ev_time", event.time());
    values.put("pgq.ev_txid", String.valueOf(event.txid()));
    values.put("pgq.ev_retry", event.retry() == null ? null : String.valueOf(event.retry()));
    values.put("pgq.ev_type", event.type());
    values.put("pgq.ev_data", event.data());
    values.put("pgq.ev_extra1", event.extra1());
    values.put("pgq.ev_extra2", event.extra2());
    values.put("pgq.ev_extra3", event.extra3());
    values.put("pgq.ev_extra4", event.extra4());
    return values;
  }
}
