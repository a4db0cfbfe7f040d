package dev.jlondiste.replica.apply;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.UrlEncoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows that {@code pgq.logutriga} and {@code pgq.jsontriga} write. The third format,
 * {@code pgq.sqltriga}'s SQL fragments, needs no reading.
 */
public final class RowChangeReader {
  private static final JsonFactory JSON = new JsonFactory();

  private RowChangeReader() {}

  /**
   * {@code event} is a row change that is no SQL fragment; {@link BadEvent} when it cannot be read.
   */
  public static RowChange read(Event event) {
    try {
      return event.type().startsWith("{") ? readJson(event) : readUrlEncoded(event);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new BadEvent(event, e);
    }
  }

  private static RowChange readUrlEncoded(Event event) {
    String keys = event.type().substring(2);
    return new RowChange(
        operation(event.type().substring(0, 1)),
        keys.isEmpty() ? List.of() : List.of(keys.split(",")),
        UrlEncoding.decodeRow(event.requiredData()));
  }

  private static RowChange readJson(Event event) throws IOException {
    String operation = "";
    List<String> keys = new ArrayList<>();
    try (JsonParser type = JSON.createParser(event.type())) {
      type.nextToken();
      for (String field = type.nextFieldName(); field != null; field = type.nextFieldName()) {
        JsonToken token = type.nextToken();
        if (field.equals("op")) {
          operation = type.getText();
        } else if (field.equals("pkey") && token == JsonToken.START_ARRAY) {
          while (type.nextToken() != JsonToken.END_ARRAY) {
            keys.add(type.getText());
          }
        } else {
          type.skipChildren();
        }
      }
    }
    return new RowChange(operation(operation), keys, readJsonRow(event.requiredData()));
  }

  private static Map<String, @Nullable String> readJsonRow(String data) throws IOException {
    Map<String, @Nullable String> columns = new LinkedHashMap<>();
    try (JsonParser row = JSON.createParser(data)) {
      row.nextToken();
      for (String column = row.nextFieldName(); column != null; column = row.nextFieldName()) {
        JsonToken token = row.nextToken();
        if (token.isStructStart()) {
          throw new IllegalArgumentException("column '" + column + "' holds no plain value");
        }
        columns.put(column, token == JsonToken.VALUE_NULL ? null : row.getText());
      }
    }
    return columns;
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
