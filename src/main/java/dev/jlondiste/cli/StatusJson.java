package dev.jlondiste.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.jlondiste.admin.compare.ComparisonRecord;
import dev.jlondiste.admin.status.NodeReport;
import dev.jlondiste.admin.status.NodeStatus;
import dev.jlondiste.admin.status.RunningCopy;
import dev.jlondiste.admin.status.StatusTree;
import dev.jlondiste.admin.takeover.TakeoverMark;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.replica.PendingRestore;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.inventory.Finding;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Formats the status as JSON: all nodes in one flat list; unknown values are null. */
final class StatusJson {
  private StatusJson() {}

  static String of(StatusTree tree) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("queue", tree.queue());
      writeText(json, "local_node", tree.localNode());
      json.writeArrayFieldStart("nodes");
      for (NodeStatus node : tree.nodes().toList()) {
        writeNode(json, node);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void writeNode(JsonGenerator json, NodeStatus node) throws IOException {
    Optional<NodeReport> report = node.report();
    Optional<NodeInfo> info = report.map(NodeReport::node);
    json.writeStartObject();
    json.writeStringField("name", node.name());
    json.writeStringField("type", node.type());
    writeText(json, "provider", node.provider());
    json.writeStringField("location", ConnectionString.mask(node.member().location()));
    writeText(json, "failure", node.failure());
    writeNumber(json, "lag_seconds", node.lag().map(lag -> lag.toMillis() / 1000.0).orElse(null));
    json.writeFieldName("tick");
    if (info.isPresent() && info.get().lastTick().isPresent()) {
      json.writeNumber(info.get().lastTick().getAsLong());
    } else {
      json.writeNull();
    }
    writeFlag(json, "paused", info.map(NodeInfo::paused).orElse(null));
    writeFlag(json, "uptodate", info.map(NodeInfo::uptodate).orElse(null));
    writeFlag(json, "closed", report.map(NodeReport::isClosedRoot).orElse(null));
    writeTakeover(json, report.flatMap(NodeReport::takeover));
    writeText(
        json,
        "error",
        report.stream()
            .flatMap(r -> r.consumers().stream())
            .flatMap(consumer -> consumer.error().stream())
            .findFirst());
    writeConsumers(json, report);
    writeTables(json, report);
    writeUnrestored(json, report);
    writeInventory(json, report);
    json.writeEndObject();
  }

  private static void writeTakeover(JsonGenerator json, Optional<TakeoverMark> takeover)
      throws IOException {
    json.writeFieldName("takeover");
    if (takeover.isEmpty()) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringField("old", takeover.get().oldNode());
    json.writeStringField("new", takeover.get().newNode());
    json.writeEndObject();
  }

  private static void writeInventory(JsonGenerator json, Optional<NodeReport> report)
      throws IOException {
    json.writeArrayFieldStart("inventory");
    for (Finding finding : report.map(NodeReport::inventory).orElse(List.of())) {
      json.writeStartObject();
      json.writeStringField("kind", finding.kind().toString());
      json.writeStringField("object", finding.object().full());
      json.writeStringField("reason", finding.reason());
      json.writeStringField("fix", finding.fix());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeConsumers(JsonGenerator json, Optional<NodeReport> report)
      throws IOException {
    json.writeArrayFieldStart("consumers");
    for (NodeFunctions.Consumer consumer : report.map(NodeReport::consumers).orElse(List.of())) {
      json.writeStartObject();
      json.writeStringField("name", consumer.name());
      json.writeBooleanField("paused", consumer.paused());
      json.writeBooleanField("uptodate", consumer.uptodate());
      writeText(json, "error", consumer.error());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeTables(JsonGenerator json, Optional<NodeReport> report)
      throws IOException {
    json.writeArrayFieldStart("tables");
    if (report.isPresent()) {
      for (TableInfo table : report.get().tables()) {
        json.writeStartObject();
        json.writeStringField("name", table.name().full());
        json.writeBooleanField("local", table.local());
        json.writeStringField("state", state(table));
        Optional<RunningCopy> copy =
            report.get().copies().stream().filter(c -> c.table().equals(table.name())).findFirst();
        if (copy.isPresent()) {
          writeCopy(json, copy.get());
        }
        writeFaults(json, report.get(), table);
        ComparisonRecord comparison = report.get().comparisons().get(table.name());
        if (comparison != null) {
          json.writeObjectFieldStart("compared");
          json.writeBooleanField("equal", comparison.equal());
          json.writeBooleanField("rows_only", comparison.rowsOnly());
          json.writeNumberField("seconds_ago", comparison.age().toSeconds());
          json.writeEndObject();
        }
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }

  private static void writeFaults(JsonGenerator json, NodeReport report, TableInfo table)
      throws IOException {
    List<TableFault> faults =
        report.faults().stream().filter(fault -> fault.table().equals(table.name())).toList();
    if (faults.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("faults");
    for (TableFault fault : faults) {
      json.writeStartObject();
      json.writeStringField("kind", fault.kind().sqlName());
      json.writeStringField("message", fault.message());
      json.writeNumberField("attempts", fault.attempts());
      json.writeStringField("first_seen", fault.firstSeen().toString());
      json.writeStringField("last_seen", fault.lastSeen().toString());
      writeNumber(
          json,
          "seconds_to_next_attempt",
          fault.pause().map(pause -> pause.toMillis() / 1000.0).orElse(null));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the objects that copies have dropped and not restored yet. */
  private static void writeUnrestored(JsonGenerator json, Optional<NodeReport> report)
      throws IOException {
    json.writeArrayFieldStart("unrestored");
    for (PendingRestore object : report.map(NodeReport::unrestored).orElse(List.of())) {
      json.writeStartObject();
      json.writeStringField("kind", object.kind().sqlName());
      json.writeStringField("table", object.table().full());
      json.writeStringField("name", object.name());
      writeText(json, "waits_for", object.waitsFor());
      writeText(json, "problem", object.problem());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /**
   * The state as in the database, except {@code missing} for NULL and {@code ignored} for a table
   * that is not local.
   */
  private static String state(TableInfo table) {
    String text = table.state().sqlText();
    return table.local() ? (text == null ? "missing" : text) : "ignored";
  }

  private static void writeCopy(JsonGenerator json, RunningCopy copy) throws IOException {
    json.writeObjectFieldStart("copy");
    json.writeStringField("phase", copy.phase().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("rows", copy.rows());
    json.writeNumberField("rows_estimated", copy.rowsEstimated());
    json.writeNumberField("bytes", copy.bytes());
    writeNumber(
        json, "seconds_left", copy.timeLeft().map(left -> left.toMillis() / 1000.0).orElse(null));
    json.writeEndObject();
  }

  private static void writeText(JsonGenerator json, String name, Optional<String> value)
      throws IOException {
    json.writeStringField(name, value.orElse(null));
  }

  private static void writeNumber(JsonGenerator json, String name, @Nullable Double value)
      throws IOException {
    json.writeFieldName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeNumber(value);
    }
  }

  private static void writeFlag(JsonGenerator json, String name, @Nullable Boolean value)
      throws IOException {
    json.writeFieldName(name);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeBoolean(value);
    }
  }
}
