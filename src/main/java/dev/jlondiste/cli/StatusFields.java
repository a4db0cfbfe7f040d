package dev.jlondiste.cli;

import dev.jlondiste.admin.compare.ComparisonRecord;
import dev.jlondiste.admin.status.NodeReport;
import dev.jlondiste.admin.status.NodeStatus;
import dev.jlondiste.admin.status.RunningCopy;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.inventory.Finding;
import dev.jlondiste.replica.inventory.FindingKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The lines that status and node-status print about one node. */
final class StatusFields {
  private static final Duration URGENT_LAG = Duration.ofMinutes(1);

  private StatusFields() {}

  /** One line; an urgent line is red on a terminal. */
  record Field(String text, boolean urgent) {}

  /** {@code NAME (TYPE)}, with the service of its connect string, if any. */
  static String title(NodeStatus node) {
    String service = node.service();
    return node.name() + " (" + node.type() + (service.isEmpty() ? "" : ", " + service) + ")";
  }

  static List<Field> of(NodeStatus node) {
    List<Field> fields = new ArrayList<>();
    Optional<NodeReport> report = node.report();
    report.ifPresent(
        r ->
            fields.add(
                calm(
                    "Tables: %d/%d/%d"
                        .formatted(r.tablesOk(), r.tablesHalf(), r.tablesIgnored()))));
    fields.add(
        new Field(
            "Lag: " + LagFormat.of(node.lag()) + report.map(r -> worker(r.node())).orElse(""),
            node.lag().filter(lag -> lag.compareTo(URGENT_LAG) > 0).isPresent()));
    report.ifPresent(r -> addDetails(r, fields));
    return fields;
  }

  private static String worker(NodeInfo node) {
    return (node.lastTick().isPresent() ? ", Tick: " + node.lastTick().getAsLong() : "")
        + (node.paused() ? ", PAUSED" : "")
        + (node.uptodate() ? "" : ", NOT UPTODATE");
  }

  private static void addDetails(NodeReport report, List<Field> fields) {
    report.takeoverText().ifPresent(text -> fields.add(new Field(text, report.isClosedRoot())));
    if (!report.attributes().isEmpty()) {
      fields.add(
          calm(
              report.attributes().entrySet().stream()
                  .map(entry -> entry.getKey() + "=" + entry.getValue())
                  .collect(Collectors.joining(", ", "Attr: ", ""))));
    }
    if (!report.inventory().isEmpty()) {
      fields.add(inventory(report.inventory()));
    }
    for (RunningCopy copy : report.copies()) {
      fields.add(calm(progress(copy)));
    }
    for (TableFault fault : report.faults()) {
      fields.add(new Field("ERR: " + fault.table() + ": " + fault.describe(), true));
    }
    for (ComparisonRecord comparison : report.differing()) {
      fields.add(new Field("ERR: " + comparison.describe(), true));
    }
    addUnrestored(report, fields);
    for (NodeFunctions.Consumer consumer : report.consumers()) {
      consumer
          .error()
          .map(text -> text.lines().findFirst().orElse(""))
          .filter(line -> !line.isEmpty())
          .ifPresent(line -> fields.add(calm("ERR: " + consumer.name() + ": " + line)));
    }
  }

  /** Lists objects that could not be restored by name; counts those that wait for a copy. */
  private static void addUnrestored(NodeReport report, List<Field> fields) {
    long waiting =
        report.unrestored().stream().filter(object -> object.problem().isEmpty()).count();
    if (waiting > 0) {
      fields.add(calm("Keys to restore: " + waiting + " (fkeys lists them)"));
    }
    report.unrestored().stream()
        .filter(object -> object.problem().isPresent())
        .forEach(
            object ->
                fields.add(
                    new Field("NOT RESTORED: " + object.title() + ": " + object.reason(), true)));
  }

  /** The line is urgent if a replicated object is not captured correctly. */
  private static Field inventory(List<Finding> findings) {
    Map<FindingKind, Long> counts =
        findings.stream()
            .collect(Collectors.groupingBy(Finding::kind, TreeMap::new, Collectors.counting()));
    return new Field(
        counts.entrySet().stream()
            .map(entry -> entry.getKey().count(Math.toIntExact(entry.getValue())))
            .collect(Collectors.joining(", ", "Inventory: ", ", see 'check'")),
        counts.keySet().stream().anyMatch(kind -> !kind.canBeMeant()));
  }

  static String progress(RunningCopy copy) {
    String name = "Copying: " + copy.table().full();
    if (copy.phase() == RunningCopy.Phase.INDEXES) {
      return name + " building indexes";
    }
    String percent = copy.percent().isPresent() ? " " + copy.percent().getAsInt() + "%" : "";
    String rest = copy.timeLeft().map(left -> ", ETA " + LagFormat.of(left)).orElse("");
    return name + percent + " " + copy.rows() + " rows, " + speed(copy.bytesPerSecond()) + rest;
  }

  private static String speed(double bytesPerSecond) {
    return String.format(Locale.ROOT, "%.1f MB/s", bytesPerSecond / 1_000_000);
  }

  private static Field calm(String text) {
    return new Field(text, false);
  }
}
