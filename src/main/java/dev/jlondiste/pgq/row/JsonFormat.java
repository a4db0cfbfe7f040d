package dev.jlondiste.pgq.row;

import java.util.ArrayList;
import java.util.List;

/** {@code pgq.jsontriga}'s and native capture's: type and data are each a JSON object. */
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

  /** Names are only made into strings if they are not those of the table's last row. */
  @Override
  public Row row(EventHead head, KnownRows known, byte[] data, int start, int length) {
    JsonScanner json = new JsonScanner(data, start, length);
    byte[][] expected = known.names();
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
    List<String> columns = known.columns();
    if (values.size() != expected.length || !others.isEmpty()) {
      columns = new ArrayList<>(columns.subList(0, values.size() - others.size()));
      columns.addAll(others);
    }
    return values.build(known.shape(true, head.keys(), columns));
  }
}
