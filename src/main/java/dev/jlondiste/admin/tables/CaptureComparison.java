package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.config.IgnoredObjects;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.LondisteFunctions.CaptureInfo;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.inventory.Finding;
import dev.jlondiste.replica.inventory.Inventory;
import dev.jlondiste.replica.inventory.UncapturedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares how the tables of a node would be captured if it became the root with how the root
 * captures them. Reads only.
 */
public final class CaptureComparison {
  private final Cascade cascade;

  /** How good the capture of a table is. */
  public enum Verdict {
    /** As good as on the root, or better. */
    AS_GOOD,
    /** All changes would be captured, but more slowly than on the root. */
    SLOWER,
    /** The table has changed since its triggers were created. */
    STALE,
    /** Triggers are missing, disabled or those of another table. */
    MISSING,
    /** Triggers of a leaf: they refuse all changes, also on a root. */
    DENIED
  }

  /**
   * The capture of one table.
   *
   * @param table its queue-wide name
   * @param reason in words; empty if it is as good
   * @param fix the remedy, usually a command to be run on the node; empty if it is as good
   */
  public record TableCapture(TableName table, Verdict verdict, String reason, String fix) {}

  public CaptureComparison(Cascade cascade) {
    this.cascade = cascade;
  }

  /**
   * Returns the local tables of {@code node}, in the order of their registration.
   *
   * @param node any node that can be reached; of a leaf all tables are {@code DENIED}
   * @param root the node with which it is compared
   */
  public List<TableCapture> compare(String node, String root) throws SQLException {
    Map<TableName, CaptureInfo> there = captures(root);
    Map<TableName, CaptureInfo> here = captures(node);
    Map<TableName, Finding> findings = findings(node);
    List<TableCapture> result = new ArrayList<>();
    for (TableInfo table :
        cascade.call(node, db -> LondisteFunctions.getTables(db, cascade.queue()))) {
      if (table.local()) {
        TableName name = table.name();
        result.add(
            compare(
                table,
                Optional.ofNullable(findings.get(name)),
                Optional.ofNullable(here.get(name)),
                Optional.ofNullable(there.get(name))));
      }
    }
    return result;
  }

  private static TableCapture compare(
      TableInfo table,
      Optional<Finding> finding,
      Optional<CaptureInfo> here,
      Optional<CaptureInfo> there) {
    if (finding.isPresent()) {
      return new TableCapture(
          table.name(), verdict(finding.get()), finding.get().reason(), finding.get().fix());
    }
    boolean isCapturedThere = there.isPresent() && !there.get().capture().equals("none");
    if (isCapturedThere && here.isPresent() && here.get().capture().equals("none")) {
      return new TableCapture(
          table.name(),
          Verdict.MISSING,
          "has no triggers, as requested, but the root captures it",
          new UncapturedTable(table).remedy());
    }
    boolean isNativeHere = here.isPresent() && isNative(here.get());
    if (there.isPresent() && isNative(there.get()) && !isNativeHere) {
      return new TableCapture(
          table.name(),
          Verdict.SLOWER,
          "has compatible triggers, the root has native ones",
          here.isPresent()
              ? "regenerate-triggers --capture=auto " + table.name()
              : "upgrade, then regenerate-triggers --capture=auto " + table.name());
    }
    return new TableCapture(table.name(), Verdict.AS_GOOD, "", "");
  }

  private static Verdict verdict(Finding finding) {
    return switch (finding.kind()) {
      case TRIGGERS_OF_OTHER_TYPE -> Verdict.DENIED;
      case TRIGGERS_OUTDATED -> Verdict.STALE;
      default -> Verdict.MISSING;
    };
  }

  private static boolean isNative(CaptureInfo capture) {
    return capture.capture().equals("statement") || capture.capture().equals("row");
  }

  private Map<TableName, CaptureInfo> captures(String node) throws SQLException {
    Map<TableName, CaptureInfo> captures = new HashMap<>();
    cascade
        .call(node, db -> LondisteFunctions.captures(db, cascade.queue()))
        .forEach(capture -> captures.put(capture.table(), capture));
    return captures;
  }

  /** The first finding about the triggers of each table. */
  private Map<TableName, Finding> findings(String node) throws SQLException {
    Inventory inventory = new Inventory(cascade.queue(), IgnoredObjects.NONE);
    Map<TableName, Finding> findings = new HashMap<>();
    cascade.call(node, inventory::thorough).stream()
        .filter(finding -> finding.kind().concernsTriggers())
        .forEach(finding -> findings.putIfAbsent(finding.object(), finding));
    return findings;
  }
}
