package dev.jlondiste.pgq;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The format of {@code pgq.jsontriga}. */
final class JsonRowChange {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonRowChange() {}

  static RowChange read(Event event) throws IOException {
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
    return new RowChange(RowChangeReader.operation(operation), keys, readRow(event.requiredData()));
  }

  private static Map<String, @Nullable String> readRow(String data) throws IOException {
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
}
