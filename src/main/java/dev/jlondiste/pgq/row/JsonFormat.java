package dev.jlondiste.pgq.row;

import java.util.ArrayList;
import java.util.List;

/** The format of {@code pgq.jsontriga} and of native capture: type and data are JSON objects. */
final class JsonFormat implements EventFormat {
  static final JsonFormat INSTANCE = new JsonFormat();

  private static final String TRUNCATE = "{\"op\":\"TRUNCATE\"";

  private JsonFormat() {}

  static boolean recognizes(String type) {
    return type.startsWith("{\"");
  }

  @Override
  public boolean hasColumns() {
    return true;
  }

  @Override
  public boolean isTruncate(String type) {
    return type.startsWith(TRUNCATE);
  }

  @Override
  public EventHead head(String type) {
    JsonScanner json = JsonScanner.of(type);
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
    return new EventHead(this, action(operation), moved, keys);
  }

  private static Action action(String operation) {
    return switch (operation) {
      case "I", "INSERT" -> Action.INSERT;
      case "U", "UPDATE" -> Action.UPDATE;
      case "D", "DELETE" -> Action.DELETE;
      case "TRUNCATE" -> Action.TRUNCATE;
      default -> throw new IllegalArgumentException("unknown operation '" + operation + "'");
    };
  }

  /** Decodes names only if they differ from those of the table's previous row. */
  @Override
  public Row row(EventHead head, RowCache cache, byte[] data, int start, int length) {
    JsonScanner json = new JsonScanner(data, start, length);
    byte[][] expected = cache.names();
    JsonRow.Builder values = new JsonRow.Builder(data, expected.length);
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
    List<String> columns = cache.columns();
    if (values.size() != expected.length || !others.isEmpty()) {
      columns = new ArrayList<>(columns.subList(0, values.size() - others.size()));
      columns.addAll(others);
    }
    return values.build(cache.shape(true, head.keys(), columns));
  }
}
