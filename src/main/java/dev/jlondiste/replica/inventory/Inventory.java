package dev.jlondiste.replica.inventory;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.config.IgnoredObjects;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.CaptureInfo;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables and sequences of a node that are not captured or replicated as they should be. Reads
 * in the caller's transaction.
 */
public final class Inventory {
  private final String queue;
  private final IgnoredObjects ignored;

  /** {@code ignored} are objects whose state is intentional; broken capture is reported anyway. */
  public Inventory(String queue, IgnoredObjects ignored) {
    this.queue = queue;
    this.ignored = ignored;
  }

  /** Returns the findings of the cheap checks; empty where there is no node. */
  public List<Finding> quick(Connection db) throws SQLException {
    return findings(db, Set.of());
  }

  /**
   * Also compares each trigger with the one that would be created now, which takes milliseconds per
   * table.
   */
  public List<Finding> thorough(Connection db) throws SQLException {
    return findings(db, outdated(db));
  }

  /** Returns the findings of the cheap checks together with what they are based on. */
  public NodeSurvey quickSurvey(Connection db, NodeType type) throws SQLException {
    CaptureCatalog catalog = CaptureCatalog.read(db, queue);
    return NodeSurvey.of(catalog, meant(new InventoryRules(type, catalog, Set.of()).findings()));
  }

  /** Returns the thorough findings together with what they are based on. */
  public NodeSurvey survey(Connection db, NodeType type) throws SQLException {
    CaptureCatalog catalog = CaptureCatalog.read(db, queue);
    return NodeSurvey.of(
        catalog, meant(new InventoryRules(type, catalog, outdated(db)).findings()));
  }

  private Set<TableName> outdated(Connection db) throws SQLException {
    return LondisteFunctions.captures(db, queue).stream()
        .filter(CaptureInfo::stale)
        .map(CaptureInfo::table)
        .collect(Collectors.toSet());
  }

  private List<Finding> findings(Connection db, Set<TableName> outdated) throws SQLException {
    Optional<NodeType> type = NodeFunctions.getNodeInfo(db, queue).map(NodeInfo::type);
    return type.isEmpty()
        ? List.of()
        : meant(
            new InventoryRules(type.get(), CaptureCatalog.read(db, queue), outdated).findings());
  }

  /** The tables and sequences registered on a node. */
  public record Registered(List<TableInfo> tables, List<SequenceInfo> sequences) {}

  public Registered registered(Connection db) throws SQLException {
    return new Registered(
        LondisteFunctions.getTables(db, queue), LondisteFunctions.getSequences(db, queue));
  }

  /** Returns the objects that the root replicates and {@code node} does not. */
  public List<Finding> notAdded(Registered root, Registered node) {
    return meant(
        InventoryRules.notAdded(root.tables(), node.tables(), root.sequences(), node.sequences()));
  }

  private List<Finding> meant(List<Finding> findings) {
    return findings.stream()
        .filter(
            finding -> !(finding.kind().canBeMeant() && ignored.contains(finding.object().full())))
        .toList();
  }
}
