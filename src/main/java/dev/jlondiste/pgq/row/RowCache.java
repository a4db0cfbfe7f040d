package dev.jlondiste.pgq.row;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A cache for the rows of one table: parsed event types, and the shape of the last row, which
 * inserts, updates and deletes share. Used by one thread only.
 */
public final class RowCache {
  private final Map<String, EventHead> heads = new HashMap<>();
  private RowShape shape = new RowShape(false, List.of(), List.of());
  private byte[][] names = {};

  /**
   * Returns the parsed type of an event.
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

  /** Returns the number of cached types. */
  public int types() {
    return heads.size();
  }

  /** Returns the names of the last row's columns, in UTF-8. */
  byte[][] names() {
    return names;
  }

  List<String> columns() {
    return shape.columns();
  }

  /** Returns the shape of a row: the same instance as for the last row if they are equal. */
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
