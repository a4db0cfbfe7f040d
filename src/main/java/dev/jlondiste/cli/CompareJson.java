package dev.jlondiste.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.compare.CompareVerdict;
import dev.jlondiste.admin.compare.ComparisonRecord;
import dev.jlondiste.admin.compare.DifferenceReport;
import dev.jlondiste.admin.compare.DifferenceReport.DifferingRow;
import dev.jlondiste.admin.compare.DifferenceReport.Kind;
import dev.jlondiste.admin.compare.TableResult;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;

/** Formats the result of a comparison as JSON. */
final class CompareJson {
  private CompareJson() {}

  static String of(Cascade cascade, CompareVerdict verdict) throws SQLException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("queue", cascade.queue());
      json.writeStringField("node", cascade.node().name());
      json.writeBooleanField("clean", verdict.isClean());
      json.writeArrayFieldStart("tables");
      for (TableResult table : verdict.tables()) {
        writeTable(json, table);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void writeTable(JsonGenerator json, TableResult table) throws IOException {
    json.writeStartObject();
    json.writeStringField("table", table.table().full());
    json.writeStringField("result", name(table.outcome()));
    if (table.reason().isPresent()) {
      json.writeStringField("reason", table.reason().get());
    }
    if (table.record().isPresent()) {
      ComparisonRecord record = table.record().get();
      json.writeStringField("source_node", record.source());
      json.writeNumberField("tick", record.tick());
      json.writeBooleanField("rows_only", record.rowsOnly());
      json.writeStringField("source_result", record.sourceResult());
      json.writeStringField("local_result", record.localResult());
    }
    if (table.differences().isPresent()) {
      DifferenceReport differences = table.differences().get();
      for (Kind kind : Kind.values()) {
        json.writeNumberField(name(kind), differences.count(kind));
      }
      json.writeArrayFieldStart("rows");
      for (DifferingRow row : differences.first()) {
        writeRow(json, row);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void writeRow(JsonGenerator json, DifferingRow row) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", name(row.kind()));
    json.writeObjectFieldStart("key");
    for (Map.Entry<String, String> column : row.key().entrySet()) {
      json.writeStringField(column.getKey(), column.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("columns");
    for (String column : row.columns()) {
      json.writeString(column);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
