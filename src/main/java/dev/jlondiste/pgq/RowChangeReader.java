package dev.jlondiste.pgq;

import java.io.IOException;
import java.util.List;

/**
 * Reads the rows that {@code pgq.logutriga} and {@code pgq.jsontriga} write. The third format,
 * {@code pgq.sqltriga}'s SQL fragments, needs no reading.
 */
public final class RowChangeReader {
  private RowChangeReader() {}

  /**
   * What was done to which row.
   *
   * @param event a row change with a key list in its type ({@code I:id}) or jsontriga's
   * @throws BadEvent when it cannot be read: no row change, an SQL fragment, broken data
   */
  public static RowChange read(Event event) {
    try {
      // A class of its own, so that only who reads JSON needs its library.
      return event.type().startsWith("{") ? JsonRowChange.read(event) : readUrlEncoded(event);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new BadEvent(event, e);
    }
  }

  private static RowChange readUrlEncoded(Event event) {
    String type = event.type();
    if (type.length() < 2 || type.charAt(1) != ':') {
      throw new IllegalArgumentException(
          "its type names no operation with a key list, as I:id does, so its data is no row");
    }
    String keys = type.substring(2);
    return new RowChange(
        operation(type.substring(0, 1)),
        keys.isEmpty() ? List.of() : List.of(keys.split(",")),
        UrlEncoding.decodeRow(event.requiredData()));
  }

  static RowChange.Operation operation(String text) {
    return switch (text) {
      case "I", "INSERT" -> RowChange.Operation.INSERT;
      case "U", "UPDATE" -> RowChange.Operation.UPDATE;
      case "D", "DELETE" -> RowChange.Operation.DELETE;
      default -> throw new IllegalArgumentException("unknown operation '" + text + "'");
    };
  }
}
