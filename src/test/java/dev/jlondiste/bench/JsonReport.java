package dev.jlondiste.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report for programs, with every measurement. */
final class JsonReport {
  private JsonReport() {}

  static void write(Map<String, String> conditions, Results results, Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    try (Writer writer = Files.newBufferedWriter(file);
        JsonGenerator json = new JsonFactory().createGenerator(writer)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeObjectFieldStart("conditions");
      for (Map.Entry<String, String> condition : conditions.entrySet()) {
        json.writeStringField(condition.getKey(), condition.getValue());
      }
      json.writeEndObject();
      List<Summary> summaries = results.summaries();
      json.writeArrayFieldStart("summaries");
      for (Summary summary : summaries) {
        write(json, summary, summaries);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("measurements");
      for (Measurement measurement : results.measurements()) {
        write(json, measurement);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, Summary summary, List<Summary> all)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("workload", summary.workload());
    json.writeStringField("figure", summary.figure());
    json.writeStringField("unit", summary.unit().label());
    json.writeBooleanField("more_is_better", summary.unit().moreIsBetter());
    json.writeStringField("system", summary.contender().label());
    json.writeNumberField("rounds", summary.rounds());
    json.writeNumberField("median", summary.median());
    json.writeNumberField("min", summary.min());
    json.writeNumberField("max", summary.max());
    if (summary.ratio(all).isPresent()) {
      json.writeNumberField("jlondiste_divided_by_it", summary.ratio(all).getAsDouble());
    }
    write(json, summary.usage(), summary.peakHeap());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Measurement measurement) throws IOException {
    json.writeStartObject();
    json.writeStringField("workload", measurement.workload());
    json.writeStringField("figure", measurement.figure());
    json.writeStringField("unit", measurement.unit().label());
    json.writeStringField("system", measurement.contender().label());
    json.writeNumberField("round", measurement.round());
    json.writeStringField("verdict", measurement.verdict().name());
    if (!Double.isNaN(measurement.value())) {
      json.writeNumberField("value", measurement.value());
    }
    json.writeStringField("note", measurement.note());
    write(json, measurement.usage(), measurement.peakHeap());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Map<Part, Usage> usage, long heap)
      throws IOException {
    for (Map.Entry<Part, Usage> part : usage.entrySet()) {
      json.writeObjectFieldStart(part.getKey().name().toLowerCase(Locale.ROOT));
      json.writeNumberField("cpu_seconds", part.getValue().cpuSeconds());
      json.writeNumberField("peak_rss_bytes", part.getValue().peakRss());
      json.writeEndObject();
    }
    if (heap > 0) {
      json.writeNumberField("peak_heap_bytes", heap);
    }
  }
}
