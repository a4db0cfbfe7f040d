package dev.jlondiste.cli;

import dev.jlondiste.admin.tables.ReplicatedObjects;
import dev.jlondiste.admin.tables.TriggerRegeneration;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions.CaptureInfo;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "tables", description = "list the tables of this node")
final class TablesCommand implements NodeCommand {
  @Option(names = "--names-only", description = "print names only, one per line")
  private boolean namesOnly;

  @Override
  public int run(NodeSession session) throws SQLException {
    List<TableInfo> tables = new ReplicatedObjects(session.cascade()).tables();
    if (namesOnly) {
      tables.forEach(table -> session.out().println(table.name()));
      return ExitCode.DONE;
    }
    Map<TableName, String> captures =
        new TriggerRegeneration(session.cascade())
            .captures().stream()
                .collect(Collectors.toMap(CaptureInfo::table, TablesCommand::capture));
    TablePrinter.print(
        session.out(),
        "Tables on node",
        List.of("table_name", "merge_state", "table_attrs", "capture"),
        tables.stream()
            .map(
                table ->
                    List.of(
                        table.name().full(),
                        state(table.state().sqlText()),
                        attributes(table.attributes()),
                        captures.getOrDefault(table.name(), "compatible")))
            .toList());
    new ReplicatedObjects(session.cascade())
        .faults()
        .forEach(fault -> session.out().println(fault.table() + ": " + fault.describe()));
    return ExitCode.DONE;
  }

  private static String capture(CaptureInfo info) {
    return info.capture()
        + (info.reason() == null ? "" : " (" + info.reason() + ")")
        + (info.stale() ? ", stale" : "");
  }

  private static String state(@Nullable String state) {
    return state == null ? "None" : state;
  }

  /**
   * The attributes in the format of Londiste, which scripts parse: {@code {'copy_node': 'root'}}.
   */
  private static String attributes(Map<String, String> attributes) {
    return attributes.isEmpty()
        ? ""
        : attributes.entrySet().stream()
            .map(entry -> "'" + entry.getKey() + "': '" + entry.getValue() + "'")
            .collect(Collectors.joining(", ", "{", "}"));
  }

  @Override
  public Optional<String> lock() {
    return Optional.empty();
  }
}
