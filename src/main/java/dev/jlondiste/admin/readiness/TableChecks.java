package dev.jlondiste.admin.readiness;

import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.PendingRestore;
import dev.jlondiste.replica.SkipMark;
import dev.jlondiste.replica.TableFault;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import dev.jlondiste.replica.inventory.UncapturedTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every table of the old node is on the new one, whole and in sync. */
final class TableChecks {
  private final NodeSide old;
  private final NodeSide fresh;
  private final ReadinessOptions options;
  private final Findings findings;

  private TableChecks(NodeSide old, NodeSide fresh, ReadinessOptions options, Findings findings) {
    this.old = old;
    this.fresh = fresh;
    this.options = options;
    this.findings = findings;
  }

  static void run(NodeSide old, NodeSide fresh, ReadinessOptions options, Findings findings) {
    TableChecks checks = new TableChecks(old, fresh, options, findings);
    Map<TableName, TableInfo> here = fresh.localTables();
    List<TableInfo> tables = old.survey().tables().stream().filter(TableInfo::local).toList();
    for (TableInfo there : tables) {
      Optional.ofNullable(here.get(there.name()))
          .ifPresentOrElse(table -> checks.table(there, table), () -> checks.notAdded(there));
    }
    fresh.faults().forEach(checks::fault);
    fresh.unrestored().forEach(checks::unrestored);
  }

  private void notAdded(TableInfo table) {
    findings.blocker(
        Check.TABLES,
        table.name() + ": not added on node '" + fresh.name() + "'",
        "add-table " + table.name());
  }

  private void table(TableInfo there, TableInfo here) {
    Optional<UnsupportedHandler> refusal = UnsupportedHandler.of(here);
    if (refusal.isPresent()) {
      findings.blocker(
          Check.TABLES, here.name() + ": " + refusal.get().problem(), refusal.get().hint());
    } else if (!here.state().isOk()) {
      findings.blocker(
          Check.TABLES,
          "%s: not in sync on node '%s', its state is %s"
              .formatted(
                  here.name(),
                  fresh.name(),
                  Optional.ofNullable(here.state().sqlText()).orElse("missing")),
          "'wait-sync' waits for it");
    }
    if (refusal.isEmpty()) {
      handler(here, fresh);
    }
    handler(there, old);
    if (!here.destination().equals(there.destination())) {
      findings.warning(
          Check.TABLES,
          "%s: applications know it as %s, on node '%s' it is called %s"
              .formatted(here.name(), there.destination(), fresh.name(), here.destination()),
          null);
    }
  }

  /**
   * On the new node such a table lacks rows that applications had; on the old one it would lack
   * rows that they write from now on, and after a takeover back these would be missing.
   */
  private void handler(TableInfo table, NodeSide node) {
    if (table.losesRows()) {
      findings.add(
          options.ignoreHandlers() ? Severity.WARNING : Severity.BLOCKER,
          Check.TABLES,
          "%s: handler '%s' on node '%s' leaves out or changes rows, so both nodes differ"
              .formatted(table.name(), table.handler(), node.name()),
          "there: "
              + (table.isVirtual()
                  ? new UncapturedTable(table).remedy()
                  : "change-handler %s --handler=londiste, and resync where rows are missing"
                      .formatted(table.name()))
              + "; or leave the differences: --ignore-handlers");
    }
  }

  private void fault(TableFault fault) {
    if (fault.kind() == TableFault.Kind.REFERENCE) {
      findings.warning(Check.TABLES, fault.table() + ": " + fault.describe(), null);
    } else if (fault.kind() == TableFault.Kind.SKIPPED) {
      findings.blocker(
          Check.TABLES,
          "%s: differs on node '%s': %s".formatted(fault.table(), fresh.name(), fault.describe()),
          "there: " + SkipMark.remedy(fault));
    } else {
      findings.blocker(Check.TABLES, fault.table() + ": " + fault.describe(), fault.remedy());
    }
  }

  private void unrestored(PendingRestore object) {
    findings.blocker(
        Check.TABLES,
        "%s is not restored on node '%s': %s"
            .formatted(object.title(), fresh.name(), object.reason()),
        "'fkeys' lists what a copy has dropped");
  }
}
