package dev.jlondiste.pgq.row;

import dev.jlondiste.pgq.row.EventFormat.Action;
import java.util.List;

/**
 * What the type of a table's event says.
 *
 * @param moved a deleted row that has another key from now on: the next INSERT of the transaction
 *     has it
 * @param keys names of the key columns, in the order of the key
 */
public record EventHead(EventFormat format, Action action, boolean moved, List<String> keys) {
  static final String NO_ROW =
      "its type names no operation with a key list, as I:id does, so its data is no row";

  /**
   * Reads a type of any format.
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

  /** The action that the first letter of a type stands for. */
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
