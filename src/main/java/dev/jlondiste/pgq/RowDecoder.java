package dev.jlondiste.pgq;

import dev.jlondiste.pgq.row.EventFormat;
import dev.jlondiste.pgq.row.EventHead;
import dev.jlondiste.pgq.row.KnownRows;
import dev.jlondiste.pgq.row.RawRow;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the rows of a stream of events, remembering what those of a table have in common. Used by
 * one thread only.
 */
final class RowDecoder {
  /** Types and tables are free text in the end: no more of them are remembered. */
  private static final int MAX_TABLES = 20_000;

  private final Map<String, KnownRows> tables = new HashMap<>();

  /**
   * The row change, in the format that the type shows.
   *
   * @param table whose row it is
   * @param data is kept by the change; it has the row in {@code length} bytes of UTF-8 from {@code
   *     start}
   * @throws IllegalArgumentException when it is no row
   */
  RowChange decode(String type, String table, byte[] data, int start, int length) {
    KnownRows known = known(table);
    EventHead head = known.head(type);
    RowChange.Operation operation = operation(head.action());
    return new RowChange(
        operation, head.moved(), head.format().row(head, known, data, start, length));
  }

  private KnownRows known(String table) {
    KnownRows known = tables.get(table);
    if (known == null || known.types() >= MAX_TABLES) {
      if (tables.size() >= MAX_TABLES) {
        tables.clear();
      }
      known = new KnownRows();
      tables.put(table, known);
    }
    return known;
  }

  private static RowChange.Operation operation(EventFormat.Action action) {
    return switch (action) {
      case INSERT -> RowChange.Operation.INSERT;
      case UPDATE -> RowChange.Operation.UPDATE;
      case DELETE -> RowChange.Operation.DELETE;
      case TRUNCATE -> throw new IllegalArgumentException("a truncate has no row");
    };
  }

  /** The same change, whose texts are {@link dev.jlondiste.db.RawText}. */
  static RowChange raw(RowChange change) {
    return new RowChange(change.operation(), change.isMoved(), RawRow.of(change.row()));
  }
}
