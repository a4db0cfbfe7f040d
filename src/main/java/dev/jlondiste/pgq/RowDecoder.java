package dev.jlondiste.pgq;

import dev.jlondiste.pgq.row.EventFormat;
import dev.jlondiste.pgq.row.EventHead;
import dev.jlondiste.pgq.row.RawRow;
import dev.jlondiste.pgq.row.RowCache;
import java.util.HashMap;
import java.util.Map;

/**
 * Decodes the row changes of a stream of events, and caches what the changes of a table have in
 * common. Used by one thread only.
 */
final class RowDecoder {
  /** Bounds the cache: types and tables of events are free text. */
  private static final int MAX_TABLES = 20_000;

  private final Map<String, RowCache> tables = new HashMap<>();

  /**
   * Decodes a row change in the format that the type determines.
   *
   * @param table name of the row's table
   * @param data the row is {@code length} bytes of UTF-8 from {@code start}; the change keeps a
   *     reference to the array
   * @throws IllegalArgumentException if it is not a row
   */
  RowChange decode(String type, String table, byte[] data, int start, int length) {
    RowCache cache = cache(table);
    EventHead head = cache.head(type);
    RowChange.Operation operation = operation(head.action());
    return new RowChange(
        operation, head.moved(), head.format().row(head, cache, data, start, length));
  }

  private RowCache cache(String table) {
    RowCache cache = tables.get(table);
    if (cache == null || cache.types() >= MAX_TABLES) {
      if (tables.size() >= MAX_TABLES) {
        tables.clear();
      }
      cache = new RowCache();
      tables.put(table, cache);
    }
    return cache;
  }

  private static RowChange.Operation operation(EventFormat.Action action) {
    return switch (action) {
      case INSERT -> RowChange.Operation.INSERT;
      case UPDATE -> RowChange.Operation.UPDATE;
      case DELETE -> RowChange.Operation.DELETE;
      case TRUNCATE -> throw new IllegalArgumentException("a truncate has no row");
    };
  }

  /** Returns the change with its texts as {@link dev.jlondiste.db.RawText}. */
  static RowChange raw(RowChange change) {
    return new RowChange(change.operation(), change.isMoved(), RawRow.of(change.row()));
  }
}
