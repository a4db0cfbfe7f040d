package dev.jlondiste.pgq.row;

import dev.jlondiste.pgq.row.EventFormat.Action;
import java.util.List;

/**
 * The parsed type of a table's event.
 *
 * @param moved a DELETE that is the first half of an update of the key: the next INSERT of the
 *     transaction has the row with its new key
 * @param keys names of the key columns, in the order of the key
 */
public record EventHead(EventFormat format, Action action, boolean moved, List<String> keys) {
  static final String NO_ROW =
      "its type names no operation with a key list, as I:id does, so its data is no row";

  /**
   * Parses a type of any format.
   *
   * @throws IllegalArgumentException if it is not the type of a table's event
   */
  static EventHead read(String type) {
    EventFormat format = EventFormat.of(type);
    if (format == null) {
      throw new IllegalArgumentException(NO_ROW);
    }
    return format.head(type);
  }

  /** Returns the action for the first letter of a type. */
  static Action action(String type) {
    return switch (type.charAt(0)) {
      case 'I' -> Action.INSERT;
      case 'U' -> Action.UPDATE;
      case 'D' -> Action.DELETE;
      case 'R' -> Action.TRUNCATE;
      default -> throw new IllegalArgumentException("unknown operation '" + type.charAt(0) + "'");
    };
  }
}
