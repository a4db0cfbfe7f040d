package dev.jlondiste.pgq;

import dev.jlondiste.db.RawText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a stream of events, remembering what those of a table have in common. Used by
 * one thread only.
 */
final class RowDecoder {
  /** Types and tables are free text in the end: no more of them are remembered. */
  private static final int MAX_TABLES = 20_000;

  private final Map<String, TableRows> tables = new HashMap<>();

  /** What an event's type says. */
  private record Head(RowChange.Operation operation, boolean moved, List<String> keys) {}

  /** What was seen of one table: inserts, updates and deletes differ in type, not in shape. */
  private static final class TableRows {
    final Map<String, Head> heads = new HashMap<>();
    RowShape shape = new RowShape(false, List.of(), List.of());
    byte[][] names = {};

    Head head(String type) {
      Head head = heads.get(type);
      if (head == null) {
        head = readHead(type);
        heads.put(type, head);
      }
      return head;
    }

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

  /**
   * The row in JSON or url-encoded, as the type has it.
   *
   * @param table whose row it is
   * @param data is kept by the change; it has the row in {@code length} bytes of UTF-8 from {@code
   *     start}
   * @throws IllegalArgumentException when it is no row
   */
  RowChange decode(String type, String table, byte[] data, int start, int length) {
    TableRows rows = tables.get(table);
    if (rows == null || rows.heads.size() >= MAX_TABLES) {
      if (tables.size() >= MAX_TABLES) {
        tables.clear();
      }
      rows = new TableRows();
      tables.put(table, rows);
    }
    Head head = rows.head(type);
    return type.startsWith("{")
        ? readJson(head, rows, data, new JsonScanner(data, start, length))
        : readUrlEncoded(head, rows, new String(data, start, length, StandardCharsets.UTF_8));
  }

  private static Head readHead(String type) {
    if (type.startsWith("{")) {
      return readJsonHead(JsonScanner.of(type));
    }
    if (type.length() < 2 || type.charAt(1) != ':') {
      throw new IllegalArgumentException(
          "its type names no operation with a key list, as I:id does, so its data is no row");
    }
    String keys = type.substring(2);
    return new Head(
        operation(type.substring(0, 1)),
        false,
        keys.isEmpty() ? List.of() : List.of(keys.split(",")));
  }

  private static Head readJsonHead(JsonScanner json) {
    String operation = "";
    boolean moved = false;
    List<String> keys = List.of();
    for (boolean more = json.beginObject(); more; more = json.nextMember()) {
      switch (json.name()) {
        case "op" -> operation = String.valueOf(json.plainValue());
        case "pkey" -> keys = json.strings();
        case "table" -> json.strings();
        case "moved" -> moved = "true".equals(json.plainValue());
        default -> json.plainValue();
      }
    }
    json.expectEnd();
    return new Head(operation(operation), moved, keys);
  }

  /** Names are only made into strings when they are not those of the table's last row. */
  private static RowChange readJson(Head head, TableRows rows, byte[] data, JsonScanner json) {
    byte[][] expected = rows.names;
    JsonValues.Builder values = new JsonValues.Builder(data, expected.length);
    List<String> others = new ArrayList<>(0);
    for (boolean more = json.beginObject(); more; more = json.nextMember()) {
      if (!others.isEmpty()
          || values.size() == expected.length
          || !json.skipName(expected[values.size()])) {
        others.add(json.name());
      }
      values.take(json);
    }
    json.expectEnd();
    List<String> columns = rows.shape.columns();
    if (values.size() != expected.length || !others.isEmpty()) {
      columns = new ArrayList<>(columns.subList(0, values.size() - others.size()));
      columns.addAll(others);
    }
    return new RowChange(
        head.operation(), head.moved(), rows.shape(true, head.keys(), columns), values.build());
  }

  private static RowChange readUrlEncoded(Head head, TableRows rows, String data) {
    try {
      return readUrlEncoded(head, rows, UrlEncoding.decodeRow(data));
    } catch (UrlEncoding.NotUtf8 e) {
      return raw(
          readUrlEncoded(head, rows, UrlEncoding.decodeRow(data, StandardCharsets.ISO_8859_1)));
    }
  }

  private static RowChange readUrlEncoded(
      Head head, TableRows rows, Map<String, @Nullable String> row) {
    return new RowChange(
        head.operation(),
        head.moved(),
        rows.shape(false, head.keys(), List.copyOf(row.keySet())),
        new TextValues(new ArrayList<>(row.values())));
  }

  /** The same row, whose texts are {@link RawText}. Names of columns have to be UTF-8. */
  static RowChange raw(RowChange change) {
    RowShape shape = change.shape();
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      values.add(change.value(i));
    }
    return new RowChange(
        change.operation(),
        change.isMoved(),
        new RowShape(
            shape.json(), shape.keys(), shape.columns().stream().map(RawText::decode).toList()),
        new RawValues(values));
  }

  private static RowChange.Operation operation(String text) {
    return switch (text) {
      case "I", "INSERT" -> RowChange.Operation.INSERT;
      case "U", "UPDATE" -> RowChange.Operation.UPDATE;
      case "D", "DELETE" -> RowChange.Operation.DELETE;
      default -> throw new IllegalArgumentException("unknown operation '" + text + "'");
    };
  }
}
