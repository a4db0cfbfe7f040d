package dev.jlondiste.admin.readiness;

import dev.jlondiste.replica.inventory.Finding;
import dev.jlondiste.replica.inventory.FindingKind;

/** Names the tables, partitions and sequences of the old root that are in no set. */
final class MissingChecks {
  private MissingChecks() {}

  static void run(NodeSide old, ReadinessOptions options, Findings findings) {
    Severity severity = options.ignoreMissing() ? Severity.WARNING : Severity.BLOCKER;
    old.survey().findings().stream()
        .filter(finding -> isMissing(finding, old))
        .forEach(
            finding ->
                findings.add(
                    severity,
                    Check.MISSING,
                    "[%s] %s: %s".formatted(old.name(), finding.object(), finding.reason()),
                    finding.fix()
                        + "; --ignore-missing leaves such objects behind, inventory_ignore in the"
                        + " ini file this one"));
  }

  /** Sequences that replicated tables use are a matter of {@link SequenceChecks}. */
  private static boolean isMissing(Finding finding, NodeSide old) {
    return finding.kind() == FindingKind.TABLE_NOT_REPLICATED
        || (finding.kind() == FindingKind.SEQUENCE_NOT_REPLICATED
            && !old.survey().sequencesInUse().containsKey(finding.object()));
  }
}
