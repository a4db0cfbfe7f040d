package dev.jlondiste.admin.readiness;

import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.inventory.CaptureKind;
import dev.jlondiste.replica.inventory.Finding;
import dev.jlondiste.replica.inventory.FindingKind;
import dev.jlondiste.replica.inventory.UncapturedTable;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The old root captures everything until the end, and the new one will do so as well. What is
 * captured wrong on the old root never arrives on the new one, so it blocks, too. The triggers of a
 * leaf are not checked: they are created when it becomes a branch.
 */
final class CaptureChecks {
  private final NodeSide old;
  private final NodeSide fresh;
  private final Findings findings;

  private CaptureChecks(NodeSide old, NodeSide fresh, Findings findings) {
    this.old = old;
    this.fresh = fresh;
    this.findings = findings;
  }

  static void run(NodeSide old, NodeSide fresh, Findings findings) {
    CaptureChecks checks = new CaptureChecks(old, fresh, findings);
    old.survey().findings().forEach(finding -> checks.defect(finding, old));
    fresh.survey().findings().forEach(finding -> checks.defect(finding, fresh));
    if (!fresh.isLeaf()) {
      checks.compareKinds();
    }
  }

  private void defect(Finding finding, NodeSide side) {
    FindingKind kind = finding.kind();
    if (kind == FindingKind.TABLE_NOT_REPLICATED
        || kind == FindingKind.SEQUENCE_NOT_REPLICATED
        || kind == FindingKind.SEQUENCE_GONE) {
      return; // see MissingChecks and SequenceChecks
    }
    findings.add(
        blocks(kind, side) ? Severity.BLOCKER : Severity.WARNING,
        Check.CAPTURE,
        "[%s] %s: %s".formatted(side.name(), finding.object(), finding.reason()),
        finding.fix());
  }

  private boolean blocks(FindingKind kind, NodeSide side) {
    if (!kind.concernsTriggers()) {
      return false;
    }
    return switch (kind) {
      case TABLE_GONE -> !side.node().isRoot(); // the old root has no rows to lose
      case TRIGGERS_DISABLED -> !side.isLeaf();
      default -> true;
    };
  }

  private void compareKinds() {
    Set<TableName> reported =
        fresh.survey().findings().stream()
            .filter(finding -> finding.kind().concernsTriggers())
            .map(Finding::object)
            .collect(Collectors.toSet());
    Map<TableName, CaptureKind> here = fresh.survey().captures();
    old.survey()
        .captures()
        .forEach(
            (table, there) -> {
              CaptureKind kind = here.get(table);
              if (kind != null && !reported.contains(table)) {
                compareKind(table, there, kind);
              }
            });
  }

  private void compareKind(TableName table, CaptureKind there, CaptureKind here) {
    String where = "[%s] %s: ".formatted(fresh.name(), table);
    if (here == CaptureKind.DENYING) {
      findings.blocker(
          Check.CAPTURE,
          where + "still has the trigger of a leaf, which refuses writes",
          "regenerate-triggers " + table);
    } else if (here == CaptureKind.NONE && there != CaptureKind.NONE) {
      findings.blocker(
          Check.CAPTURE,
          where + "has no triggers, changes would not be captured",
          new UncapturedTable(Objects.requireNonNull(fresh.localTables().get(table))).remedy());
    } else if (here == CaptureKind.COMPATIBLE && there == CaptureKind.NATIVE) {
      findings.add(
          fresh.hasNativeCapture() ? Severity.BLOCKER : Severity.WARNING,
          Check.CAPTURE,
          where
              + "has compatible triggers, those of node '"
              + old.name()
              + "' are native: they are slower and refuse changed keys",
          fresh.hasNativeCapture()
              ? "regenerate-triggers " + table + " --capture=auto"
              : "the SQL of Londiste has no native capture; 'upgrade' installs ours");
    }
  }
}
