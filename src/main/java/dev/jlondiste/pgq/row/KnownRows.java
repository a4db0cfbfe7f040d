package dev.jlondiste.pgq.row;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was seen of the rows of one table, so that it is read only once: inserts, updates and
 * deletes differ in type, not in shape. Used by one thread only.
 */
public final class KnownRows {
  private final Map<String, EventHead> heads = new HashMap<>();
  private RowShape shape = new RowShape(false, List.of(), List.of());
  private byte[][] names = {};

  /**
   * What an event's type says.
   *
   * @throws IllegalArgumentException if it is not the type of a table's event
   */
  public EventHead head(String type) {
    EventHead head = heads.get(type);
    if (head == null) {
      head = EventHead.read(type);
      heads.put(type, head);
    }
    return head;
  }

  /** How many different types were seen. */
  public int types() {
    return heads.size();
  }

  /** The names of the last row's columns, in UTF-8. */
  byte[][] names() {
    return names;
  }

  List<String> columns() {
    return shape.columns();
  }

  /** The shape of a row: the same instance if it is that of the last row. */
  RowShape shape(boolean json, List<String> keys, List<String> columns) {
    if (shape.json() != json || !shape.columns().equals(columns) || !shape.keys().equals(keys)) {
      shape = new RowShape(json, keys, columns);
      names =
          columns.stream()
              .map(name -> name.getBytes(StandardCharsets.UTF_8))
              .toArray(byte[][]::new);
    }
    return shape;
  }
}
