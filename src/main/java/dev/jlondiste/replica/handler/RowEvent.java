package dev.jlondiste.replica.handler;

import dev.jlondiste.fault.UserError;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.RowChange;
import dev.jlondiste.pgq.RowChangeReader;
import dev.jlondiste.pgq.row.EventFormat;
import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.UrlEncoding;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Events of rows that a handler has changed, url-encoded whatever their format was. */
final class RowEvent {
  private RowEvent() {}

  /** Reads the row of an event, which must not be an SQL fragment. */
  static RowChange read(Event event) {
    EventFormat format = EventFormat.of(event.type());
    if (format != null && !format.hasColumns()) {
      throw new UserError(
          "event %d is an SQL fragment, whose columns are not known".formatted(event.id()),
          "the table needs another kind of trigger on the root, not that of pgq.sqltriga");
    }
    return RowChangeReader.read(event);
  }

  /**
   * Returns the event with another row.
   *
   * @param data of the row, from {@link #data}
   * @param before the old row of an UPDATE in the same format, if it is known
   */
  static Event of(
      Event event,
      RowChange.Operation operation,
      List<String> keys,
      String data,
      @Nullable String before) {
    return new Event(
        event.id(),
        event.time(),
        event.txid(),
        event.retry(),
        operation.name().charAt(0) + ":" + String.join(",", keys),
        data,
        event.extra1(),
        before,
        event.extra3(),
        event.extra4());
  }

  /** Returns the event without fields that may have values of the row, apart from its data. */
  static Event withoutExtras(Event event) {
    return new Event(
        event.id(),
        event.time(),
        event.txid(),
        event.retry(),
        event.type(),
        event.data(),
        event.extra1(),
        null,
        null,
        null);
  }

  /** The data of an event: the values of a row. */
  static String data(Row row) {
    return data(row, Set.of(), Map.of());
  }

  /** The data of an event: values of a row without some columns, and further ones. */
  static String data(Row row, Set<String> without, Map<String, @Nullable String> more) {
    StringBuilder data = new StringBuilder();
    List<String> columns = row.shape().columns();
    for (int i = 0; i < columns.size(); i++) {
      if (!without.contains(columns.get(i))) {
        add(data, columns.get(i), row.text(i), row.isRaw());
      }
    }
    more.forEach((column, value) -> add(data, column, value, false));
    return data.toString();
  }

  private static void add(
      StringBuilder data, String column, @Nullable String value, boolean isRaw) {
    data.append(data.isEmpty() ? "" : "&").append(UrlEncoding.encode(column));
    if (value != null) {
      data.append('=').append(isRaw ? UrlEncoding.encodeRaw(value) : UrlEncoding.encode(value));
    }
  }
}
