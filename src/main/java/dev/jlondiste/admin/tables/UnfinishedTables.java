package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.status.NodeReport;
import dev.jlondiste.admin.status.NodeReporter;
import dev.jlondiste.admin.status.RunningCopy;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.admin.waiting.Obstacle;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.FailedCopies;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableFaults;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out why tables of the local node are not in sync. Used by one thread. */
final class UnfinishedTables {
  /** A transient failure counts as lasting after this number of attempts. */
  private static final int MAX_TRANSIENT_ATTEMPTS = 3;

  private final Cascade cascade;
  private final NodeObstacles nodes;

  UnfinishedTables(Cascade cascade) {
    this.cascade = cascade;
    this.nodes = new NodeObstacles(cascade);
  }

  /** Empty if all tables are in sync, or nothing hinders those that are not. */
  List<Obstacle> obstacles() throws SQLException {
    List<Obstacle> found = new ArrayList<>(nodes.aboveHere());
    NodeReport report =
        cascade.local().call(db -> NodeReporter.report(db, cascade.queue())).orElseThrow();
    Map<TableName, String> upstream = notOnProvider(report.tables());
    int waiting = 0;
    for (TableInfo table : report.tables()) {
      Optional<TableFault> fault = fault(report.faults(), table.name());
      if (!table.local() || (table.state().isOk() && !isRefused(fault))) {
        continue;
      }
      String above = upstream.get(table.name());
      Optional<RunningCopy> copy =
          report.copies().stream().filter(c -> c.table().equals(table.name())).findFirst();
      if (fault.isPresent()) {
        String text = table.name() + ": " + fault.get().describe();
        found.add(new Obstacle(table.name() + ": " + fault.get().summary(), text));
      } else if (above != null && table.copyNode().isEmpty()) {
        found.add(Obstacle.of(above));
      } else if (copy.isPresent()) {
        found.add(
            new Obstacle(table.name() + ": copying", table.name() + ": " + progress(copy.get())));
      } else if (table.state().isCopying()) {
        found.add(Obstacle.of(table.name() + ": " + table.state()));
      } else {
        waiting++;
      }
    }
    if (waiting > 0) {
      found.add(new Obstacle("waiting", waiting + " table(s) wait for their turn to be copied"));
    }
    return found;
  }

  private static String progress(RunningCopy copy) {
    return copy.phase() == RunningCopy.Phase.INDEXES
        ? "building indexes"
        : "copying"
            + (copy.percent().isPresent() ? ", " + copy.percent().getAsInt() + "%" : "")
            + ", "
            + copy.rows()
            + " rows so far";
  }

  /** The tables that cannot get in sync unless an operator acts, with the reason. */
  Map<TableName, String> failed(List<TableInfo> unfinished) throws SQLException {
    List<TableFault> faults = new ReplicatedObjects(cascade).faults();
    Map<TableName, String> upstream = notOnProvider(unfinished);
    Map<TableName, String> failed = new HashMap<>();
    for (TableInfo table : unfinished) {
      Optional<TableFault> fault = fault(faults, table.name()).filter(UnfinishedTables::isLasting);
      @Nullable String above = upstream.get(table.name());
      if (fault.isPresent()) {
        failed.put(table.name(), table.name() + ": " + fault.get().describe());
      } else if (above != null && table.copyNode().isEmpty()) {
        failed.put(table.name(), above);
      }
    }
    return failed;
  }

  private static Optional<TableFault> fault(List<TableFault> faults, TableName table) {
    return faults.stream()
        .filter(fault -> fault.table().equals(table))
        .filter(fault -> fault.kind().stopsTable())
        .findFirst();
  }

  private static boolean isRefused(Optional<TableFault> fault) {
    return fault.filter(of -> of.kind() == TableFault.Kind.HANDLER).isPresent();
  }

  private static boolean isLasting(TableFault fault) {
    return !fault.attributes().containsKey(FailedCopies.SOURCE_NOT_READY)
        && (!fault.attributes().containsKey(FailedCopies.TRANSIENT)
            || fault.attempts() >= MAX_TRANSIENT_ATTEMPTS);
  }

  /** The tables that the provider does not have, or has failed to copy itself, with the reason. */
  private Map<TableName, String> notOnProvider(List<TableInfo> tables) throws SQLException {
    Map<TableName, String> missing = new HashMap<>();
    if (tables.isEmpty() || cascade.node().isRoot()) {
      return missing;
    }
    String provider = cascade.providerName();
    try {
      Map<TableName, TableInfo> there = new HashMap<>();
      cascade
          .call(provider, db -> LondisteFunctions.getTables(db, cascade.queue()))
          .forEach(table -> there.put(table.name(), table));
      List<TableFault> faults =
          new ArrayList<>(cascade.call(provider, db -> TableFaults.list(db, cascade.queue())));
      faults.addAll(UnsupportedHandler.faults(List.copyOf(there.values())));
      for (TableInfo table : tables) {
        TableInfo original = there.get(table.name());
        Optional<TableFault> fault =
            fault(faults, table.name()).filter(UnfinishedTables::isLasting);
        if (original == null || !original.local()) {
          missing.put(
              table.name(),
              "%s: not replicated on its provider '%s'".formatted(table.name(), provider));
        } else if (!original.state().isOk() && fault.isPresent()) {
          missing.put(
              table.name(),
              "%s: on its provider '%s': %s"
                  .formatted(table.name(), provider, fault.get().describe()));
        }
      }
    } catch (UserError e) {
      missing.clear(); // NodeObstacles reports that the provider cannot be reached
    }
    return missing;
  }
}
