package dev.jlondiste.admin.readiness;

import dev.jlondiste.config.IgnoredObjects;
import dev.jlondiste.db.TableName;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every sequence that a replicated table uses is replicated, and that of the new root can continue
 * where that of the old one stands. A sequence that is not replicated would return values again.
 */
final class SequenceChecks {
  private final NodeSide old;
  private final NodeSide fresh;
  private final IgnoredObjects ignored;
  private final Findings findings;
  private final Set<TableName> there;
  private final Set<TableName> here;

  SequenceChecks(NodeSide old, NodeSide fresh, IgnoredObjects ignored, Findings findings) {
    this.old = old;
    this.fresh = fresh;
    this.ignored = ignored;
    this.findings = findings;
    this.there = old.survey().localSequences();
    this.here = fresh.survey().localSequences();
  }

  /** The sequences that are replicated from the old root to the new one. */
  Set<TableName> shared() {
    Set<TableName> names = new TreeSet<>(there);
    names.retainAll(here);
    return names;
  }

  void registration() {
    Map<TableName, Set<TableName>> usedThere = old.survey().sequencesInUse();
    Map<TableName, Set<TableName>> usedHere = fresh.survey().sequencesInUse();
    usedThere.forEach(this::usedOnOld);
    there.stream()
        .filter(name -> !here.contains(name))
        .forEach(name -> notAdded(name, usedThere.getOrDefault(name, Set.of())));
    usedHere.entrySet().stream()
        .filter(entry -> !here.contains(entry.getKey()) && !there.contains(entry.getKey()))
        .filter(entry -> !usedThere.containsKey(entry.getKey()))
        .forEach(entry -> onlyOnNew(entry.getKey(), entry.getValue()));
  }

  private void usedOnOld(TableName name, Set<TableName> users) {
    if (!there.contains(name) && !isIgnored(name)) {
      findings.blocker(
          Check.SEQUENCES,
          name + ": in no set" + usedBy(users) + ": its values would be used twice",
          "add-seq %s on node '%s', then on node '%s'".formatted(name, old.name(), fresh.name()));
    }
  }

  private void notAdded(TableName name, Set<TableName> users) {
    if (!isIgnored(name)) {
      findings.blocker(
          Check.SEQUENCES,
          name + ": not added on node '" + fresh.name() + "'" + usedBy(users),
          "add-seq " + name);
    }
  }

  private void onlyOnNew(TableName name, Set<TableName> users) {
    if (!isIgnored(name)) {
      findings.blocker(
          Check.SEQUENCES,
          "%s: exists on node '%s' alone%s: it does not follow any sequence of node '%s'"
              .formatted(name, fresh.name(), usedBy(users), old.name()),
          "let the tables of both nodes use a sequence of the same name, and add-seq it");
    }
  }

  private boolean isIgnored(TableName name) {
    return ignored.contains(name.full());
  }

  private static String usedBy(Set<TableName> users) {
    return users.isEmpty()
        ? ""
        : users.stream().map(TableName::full).collect(Collectors.joining(", ", ", used by ", ""));
  }

  /** Compares the definitions, with the present values of the old root. */
  void definitions(Map<TableName, SequenceState> onOld, Map<TableName, SequenceState> onNew) {
    for (TableName name : shared()) {
      SequenceState source = onOld.get(name);
      SequenceState target = onNew.get(name);
      if (source == null || target == null) {
        unreadable(name, source == null ? old : fresh);
      } else {
        access(target);
        compare(source, target);
      }
    }
  }

  private void unreadable(TableName name, NodeSide side) {
    findings.blocker(
        Check.SEQUENCES,
        name + ": does not exist on node '" + side.name() + "', or the role may not read it",
        "'check' lists sequences that are gone; or grant select on sequence " + name.quoted());
  }

  /** Sessions keep the values that they have cached, unless its owner discards them. */
  private void access(SequenceState target) {
    TableName name = target.name();
    if (target.access() == SequenceState.Access.NONE) {
      findings.blocker(
          Check.SEQUENCES,
          name + ": the role may not set it on node '" + fresh.name() + "'",
          "grant update on sequence " + name.quoted());
    } else if (target.cache() > 1 && target.access() != SequenceState.Access.OWNER) {
      findings.blocker(
          Check.SEQUENCES,
          "%s: has cache %d on node '%s', and only its owner can discard the values that sessions"
                  .formatted(name, target.cache(), fresh.name())
              + " have cached",
          "alter sequence " + name.quoted() + " cache 1");
    }
  }

  private void compare(SequenceState source, SequenceState target) {
    TableName name = source.name();
    String value = "%s: its value %d on node '%s' ".formatted(name, source.lastValue(), old.name());
    String bounds = "minvalue %d maxvalue %d".formatted(source.min(), source.max());
    String alter = "alter sequence " + name.quoted() + " ";
    if (source.ascends() != target.ascends()) {
      findings.blocker(
          Check.SEQUENCES,
          "%s: increments by %d on node '%s' and by %d on node '%s'"
              .formatted(name, source.increment(), old.name(), target.increment(), fresh.name()),
          alter + "increment by " + source.increment());
      return;
    }
    if (!target.holds(source.lastValue())) {
      findings.blocker(
          Check.SEQUENCES,
          value
              + "is outside of the bounds %d to %d on node '%s'"
                  .formatted(target.min(), target.max(), fresh.name()),
          alter + bounds + ", with a type that holds them");
    } else if (target.isExhaustedAt(source.lastValue(), source.isCalled())) {
      findings.add(
          source.isExhaustedAt(source.lastValue(), source.isCalled())
              ? Severity.WARNING
              : Severity.BLOCKER,
          Check.SEQUENCES,
          value + "is the last one that node '" + fresh.name() + "' can return",
          alter + bounds + ", with a type that holds them");
    } else if (target.endsBefore(source) || target.cyclesElsewhere(source)) {
      findings.warning(
          Check.SEQUENCES,
          "%s: returns %d to %d on node '%s' and %d to %d on node '%s'"
              .formatted(
                  name,
                  source.min(),
                  source.max(),
                  old.name(),
                  target.min(),
                  target.max(),
                  fresh.name()),
          alter + bounds);
    }
    if (source.increment() != target.increment()) {
      findings.warning(
          Check.SEQUENCES,
          "%s: increments by %d on node '%s' and by %d on node '%s'"
              .formatted(name, source.increment(), old.name(), target.increment(), fresh.name()),
          alter + "increment by " + source.increment());
    }
    if (source.cycles() != target.cycles()) {
      findings.warning(
          Check.SEQUENCES,
          "%s: cycles on node '%s' and not on the other one"
              .formatted(name, source.cycles() ? old.name() : fresh.name()),
          alter + (source.cycles() ? "cycle" : "no cycle"));
    }
  }
}
