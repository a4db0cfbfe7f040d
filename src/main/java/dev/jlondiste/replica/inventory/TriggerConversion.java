package dev.jlondiste.replica.inventory;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Replaces the triggers of all tables after their node has changed its type. The catalogs are read
 * once, because a node can have thousands of tables. Stateless apart from that: a repetition finds
 * the tables that are left.
 */
public final class TriggerConversion {
  private static final Set<FindingKind> REPLACED =
      Set.of(
          FindingKind.TRIGGERS_OF_OTHER_TYPE,
          FindingKind.TRIGGERS_MISSING,
          FindingKind.TRIGGERS_INCOMPLETE);

  private final String queue;
  private final NodeType type;
  private final CaptureCatalog catalog;
  private final Map<TableName, FindingKind> findings;

  private TriggerConversion(String queue, NodeType type, CaptureCatalog catalog) {
    this.queue = queue;
    this.type = type;
    this.catalog = catalog;
    this.findings =
        new InventoryRules(type, catalog, Set.of())
            .findings().stream()
                .filter(finding -> REPLACED.contains(finding.kind()))
                .collect(
                    Collectors.toMap(Finding::object, Finding::kind, (first, second) -> first));
  }

  /** Reads the catalogs of a node. */
  public static TriggerConversion read(Connection db, String queue) throws SQLException {
    NodeType type =
        NodeFunctions.getNodeInfo(db, queue)
            .orElseThrow(() -> new UserError("Unknown queue: " + queue, null))
            .type();
    return new TriggerConversion(queue, type, CaptureCatalog.read(db, queue));
  }

  /** Returns the tables whose triggers do not fit to the type of the node, or are missing. */
  public List<TableInfo> tables() {
    return catalog.tables().stream()
        .filter(table -> table.local() && findings.containsKey(table.name()))
        .toList();
  }

  /** Replaces the triggers of one of {@link #tables}, in the caller's transaction. */
  public void convert(Connection db, TableInfo table) throws SQLException {
    CapturedRelation relation = catalog.relations().get(table.destination());
    if (relation == null) {
      throw new UserError(table.name() + ": " + table.destination() + " no longer exists", null);
    }
    TriggerRepair.convert(db, queue, table.name(), relation, type);
  }

  /** Counts the local tables by the kind of their capture: native, compatible, none. */
  public Map<String, Long> captures() {
    return catalog.tables().stream()
        .filter(TableInfo::local)
        .map(table -> catalog.relations().get(table.destination()))
        .filter(relation -> relation != null)
        .map(
            relation ->
                relation.hasNativeTriggers()
                    ? "native"
                    : relation.allTriggers().isEmpty() ? "none" : "compatible")
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }
}
