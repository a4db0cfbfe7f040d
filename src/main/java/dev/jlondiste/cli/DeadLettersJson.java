package dev.jlondiste.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.replica.DeadLetter;
import dev.jlondiste.replica.TableFault;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Formats dead letters as JSON, with their whole events. */
final class DeadLettersJson {
  private DeadLettersJson() {}

  static String of(List<DeadLetter> letters, List<TableFault> marks) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeArrayFieldStart("tables");
      for (TableFault mark : marks) {
        json.writeStartObject();
        json.writeStringField("table_name", mark.table().full());
        json.writeNumberField("skipped_events", mark.attempts());
        json.writeStringField("text", mark.describe());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("letters");
      for (DeadLetter letter : letters) {
        write(json, letter);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, DeadLetter letter) throws IOException {
    Event event = letter.event();
    json.writeStartObject();
    json.writeNumberField("id", letter.id());
    json.writeStringField("table_name", letter.table().full());
    json.writeStringField("node_name", letter.node());
    json.writeNumberField("tick_id", letter.tick());
    json.writeNumberField("ev_id", event.id());
    json.writeStringField("ev_time", event.time());
    json.writeNumberField("ev_txid", event.txid());
    json.writeStringField("ev_type", event.type());
    json.writeStringField("ev_data", event.data());
    json.writeStringField("ev_extra1", event.extra1());
    json.writeStringField("ev_extra2", event.extra2());
    json.writeStringField("ev_extra3", event.extra3());
    json.writeStringField("ev_extra4", event.extra4());
    json.writeStringField("sql_state", letter.sqlState().orElse(null));
    json.writeStringField("error", letter.error());
    json.writeNumberField("attempts", letter.attempts());
    json.writeStringField("skipped_at", letter.skippedAt().toString());
    json.writeEndObject();
  }
}
