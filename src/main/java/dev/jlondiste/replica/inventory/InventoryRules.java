package dev.jlondiste.replica.inventory;

import dev.jlondiste.cascade.NodeType;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is a finding. A table is identified by its triggers: they belong to it under any
 * name, survive dump and restore, and contain the name for which they were created.
 */
final class InventoryRules {
  private static final int STATEMENT_TRIGGERS = 7;
  private static final int ROW_TRIGGERS = 5;
  private static final String REGENERATE = "regenerate-triggers ";

  private final NodeType type;
  private final CaptureCatalog catalog;
  private final Set<TableName> outdated;
  private final List<Finding> findings = new ArrayList<>();
  private final Set<Long> explained = new HashSet<>();

  /**
   * {@code outdated} are tables whose triggers must be recreated for reasons other than their
   * columns.
   */
  InventoryRules(NodeType type, CaptureCatalog catalog, Set<TableName> outdated) {
    this.type = type;
    this.catalog = catalog;
    this.outdated = outdated;
  }

  List<Finding> findings() {
    catalog.tables().stream().filter(TableInfo::local).forEach(this::registered);
    Set<TableName> sequences =
        names(catalog.relatedSequences().stream().map(RelatedSequence::name));
    catalog.sequences().stream()
        .filter(sequence -> sequence.local() && !sequences.contains(sequence.name()))
        .forEach(this::missingSequence);
    catalog.relations().values().forEach(this::unregistered);
    if (type == NodeType.ROOT) {
      Set<TableName> registered = catalog.destinations();
      catalog.relatedSequences().forEach(sequence -> sequence(sequence, registered));
    }
    return List.copyOf(findings);
  }

  private void add(FindingKind kind, TableName object, String reason, String fix) {
    findings.add(new Finding(kind, object, reason, fix));
  }

  private void registered(TableInfo table) {
    CapturedRelation relation = catalog.relations().get(table.destination());
    Optional<CapturedRelation> renamed = catalog.renamed(table);
    if (relation == null || !relation.isTable()) {
      if (!table.isVirtual()) {
        lost(table, relation, renamed);
      }
      return;
    }
    if (relation.isPartitioned() && !catalog.partitioned().contains(table.name())) {
      if (table.hasPartitions() && type != NodeType.ROOT) {
        loaded(table, relation);
      } else {
        becamePartitioned(table, relation, renamed);
      }
      return;
    }
    Optional<TableName> identity = relation.identity();
    boolean strange = identity.isPresent() && !identity.get().equals(table.name());
    boolean unknown = relation.allTriggers().isEmpty() && renamed.isPresent();
    if (strange || unknown) {
      replaced(table, identity, renamed);
    } else {
      relation.storage().forEach(stored -> triggers(table, stored));
    }
    relation.storage().forEach(stored -> properties(table, stored));
  }

  /** Begins a reason: empty, or which partition it is about. */
  private static String of(TableInfo table, CapturedRelation stored) {
    return stored.name().equals(table.destination()) || stored.parent().isEmpty()
        ? ""
        : "partition " + stored.name() + ": ";
  }

  /** Its handler finds the partitions by itself, and rows without a key cannot be captured. */
  private void loaded(TableInfo table, CapturedRelation relation) {
    if (type == NodeType.BRANCH && relation.hasKey()) {
      add(
          FindingKind.TRIGGERS_MISSING,
          table.name(),
          "its partitions have no triggers, so this node cannot become the root",
          REGENERATE + table.name());
    }
  }

  private void becamePartitioned(
      TableInfo table, CapturedRelation relation, Optional<CapturedRelation> renamed) {
    renamed.ifPresent(other -> explained.add(other.oid()));
    add(
        FindingKind.TABLE_REPLACED,
        table.name(),
        relation.name()
            + " is a partitioned table now"
            + renamed
                .map(other -> ", and the table that was added is called " + other.name())
                .orElse("")
            + (type == NodeType.LEAF ? "" : ": its changes are not sent as " + table.name()),
        REGENERATE + table.name() + ", then resync it on its subscribers");
  }

  private void replaced(
      TableInfo table, Optional<TableName> identity, Optional<CapturedRelation> renamed) {
    renamed.ifPresent(other -> explained.add(other.oid()));
    add(
        FindingKind.TABLE_REPLACED,
        table.name(),
        renamed
                .map(other -> "the table that was added is called " + other.name() + " now, ")
                .orElse("")
            + identity
                .map(name -> "the one of this name was added as " + name)
                .orElse("the one of this name was never added")
            + (type == NodeType.LEAF ? "" : ": its changes are not sent as " + table.name()),
        REGENERATE + table.name() + ", then resync it on its subscribers");
  }

  private void lost(
      TableInfo table, @Nullable CapturedRelation other, Optional<CapturedRelation> renamed) {
    renamed.ifPresent(now -> explained.add(now.oid()));
    String was =
        renamed.map(now -> ", and the table that was added is called " + now.name()).orElse("");
    if (other != null) {
      add(
          FindingKind.TABLE_REPLACED,
          table.name(),
          other.name() + " is " + other.kindInWords() + " now" + was,
          "remove-table " + table.name());
    } else if (renamed.isPresent()) {
      add(
          FindingKind.TABLE_RENAMED,
          table.name(),
          "is called " + renamed.get().name() + " here now",
          REGENERATE + table.name() + ", or give it its name back");
    } else {
      add(
          FindingKind.TABLE_GONE,
          table.name(),
          table.destination() + " no longer exists",
          type == NodeType.ROOT
              ? "remove-table " + table.name()
              : "create it, then resync " + table.name() + "; or remove-table " + table.name());
    }
  }

  private void triggers(TableInfo table, CapturedRelation relation) {
    List<CaptureTrigger> triggers = relation.triggers();
    List<String> silent =
        triggers.stream().filter(t -> !t.fires()).map(CaptureTrigger::name).toList();
    if (!silent.isEmpty()) {
      boolean disabled = triggers.stream().anyMatch(t -> t.enabled().equals("D"));
      add(
          FindingKind.TRIGGERS_DISABLED,
          table.name(),
          of(table, relation)
              + (disabled ? "triggers are disabled: " : "triggers fire for replication only: ")
              + String.join(", ", silent)
              + (type == NodeType.LEAF ? "; writes are not refused" : "; changes are not captured"),
          REGENERATE + table.name());
    }
    if (hasTriggersOfOtherType(relation)) {
      add(
          FindingKind.TRIGGERS_OF_OTHER_TYPE,
          table.name(),
          of(table, relation)
              + (type == NodeType.LEAF
                  ? "has the triggers of a branch"
                  : "has the triggers of a leaf, which deny all changes"),
          REGENERATE + table.name());
      return;
    }
    if (type == NodeType.LEAF) {
      return;
    }
    boolean complete = true;
    if (triggers.isEmpty()) {
      boolean isCaptured = !table.isVirtual() || type == NodeType.ROOT;
      if (isCaptured && !table.attributes().containsKey(UncapturedTable.NO_TRIGGERS)) {
        complete = false;
        add(
            FindingKind.TRIGGERS_MISSING,
            table.name(),
            of(table, relation) + "has no triggers, changes are not captured",
            of(table, relation).isEmpty()
                ? REGENERATE + table.name()
                : "the worker adds new partitions within seconds; otherwise "
                    + REGENERATE
                    + table.name());
      }
    } else if (isIncomplete(triggers)) {
      complete = false;
      add(
          FindingKind.TRIGGERS_INCOMPLETE,
          table.name(),
          of(table, relation)
              + "some triggers are missing, there are only "
              + triggers.stream().map(CaptureTrigger::name).collect(Collectors.joining(", ")),
          REGENERATE + table.name());
    }
    // a copy drops the key temporarily
    if (!relation.hasKey()
        && table.state().isOk()
        && !triggers.isEmpty()
        && triggers.stream().noneMatch(CaptureTrigger::namesKey)) {
      add(
          FindingKind.KEY_GONE,
          table.name(),
          of(table, relation) + "no longer has a primary key",
          "alter table " + relation.name().quoted() + " add primary key (...)");
    } else if (complete
        && (outdated.contains(table.name())
            || triggers.stream().anyMatch(CaptureTrigger::outdated))) {
      add(
          FindingKind.TRIGGERS_OUTDATED,
          table.name(),
          of(table, relation)
              + "has changed since its triggers were created, capture is slow and may miss changed keys",
          REGENERATE + table.name());
    }
  }

  /** A conversion of the node has left them, or they came with a dump. */
  private boolean hasTriggersOfOtherType(CapturedRelation relation) {
    return relation.triggers().stream()
        .filter(CaptureTrigger::isCreatedByLondiste)
        .anyMatch(trigger -> trigger.denies() != (type == NodeType.LEAF));
  }

  private static boolean isIncomplete(List<CaptureTrigger> triggers) {
    Optional<String> level =
        triggers.stream()
            .filter(CaptureTrigger::isNative)
            .map(trigger -> Objects.requireNonNull(trigger.level()))
            .findFirst();
    if (level.isPresent()) {
      return triggers.stream()
              .filter(trigger -> trigger.isNative() && !trigger.seesMovedRows())
              .count()
          < (level.get().equals("row") ? ROW_TRIGGERS : STATEMENT_TRIGGERS);
    }
    return triggers.stream().noneMatch(CaptureTrigger::seesRows)
        || triggers.stream().noneMatch(CaptureTrigger::seesTruncate);
  }

  private void properties(TableInfo table, CapturedRelation relation) {
    if (relation.isUnlogged()) {
      add(
          FindingKind.UNLOGGED,
          table.name(),
          of(table, relation)
              + "is unlogged: after a crash of its server it is empty here, and full elsewhere",
          "alter table " + relation.name().quoted() + " set logged");
    }
    relation
        .extension()
        .ifPresent(
            extension ->
                add(
                    FindingKind.EXTENSION,
                    table.name(),
                    "belongs to extension "
                        + extension
                        + ", which fills and changes it by itself on each server",
                    "remove-table " + table.name()));
  }

  private void unregistered(CapturedRelation relation) {
    boolean registered =
        catalog.inSets().contains(relation.name())
            || catalog.isPartOfSet(relation)
            || catalog.isLoadedPartition(relation);
    if (!registered
        && !explained.contains(relation.oid())
        && relation.triggers().stream().anyMatch(CaptureTrigger::isCreatedByLondiste)) {
      add(
          FindingKind.TRIGGERS_STRAY,
          relation.name(),
          "has triggers of this queue, but no table of this name is registered: was it renamed?",
          "regenerate-triggers for the table that it was, add-table or drop its triggers");
      return;
    }
    boolean ofExtension = relation.extension().isPresent() && !relation.configuration();
    if (type == NodeType.ROOT
        && !registered
        && !ofExtension
        && !explained.contains(relation.oid())
        && relation.hasRows()) {
      notReplicated(relation);
    }
  }

  private void notReplicated(CapturedRelation relation) {
    List<String> reasons = new ArrayList<>(List.of("in no set"));
    relation.parent().ifPresent(parent -> reasons.add("partition of " + parent));
    relation.extension().ifPresent(name -> reasons.add("belongs to extension " + name));
    if (relation.isUnlogged()) {
      reasons.add("unlogged");
    }
    if (relation.isTable() && !relation.hasKey()) {
      reasons.add("no primary key");
    }
    add(
        FindingKind.TABLE_NOT_REPLICATED,
        relation.name(),
        String.join(", ", reasons),
        relation.isTable()
            ? "add-table " + relation.name() + " here, then on its subscribers"
            : "a foreign table cannot be captured; replicate what is behind it");
  }

  private void missingSequence(SequenceInfo sequence) {
    add(
        FindingKind.SEQUENCE_GONE,
        sequence.name(),
        "no longer exists",
        "remove-seq " + sequence.name());
  }

  private void sequence(RelatedSequence sequence, Set<TableName> registered) {
    if (catalog.inSets().contains(sequence.name())) {
      return;
    }
    List<String> users =
        sequence.tables().stream()
            .filter(registered::contains)
            .map(TableName::full)
            .sorted()
            .toList();
    if (sequence.tables().isEmpty() || !users.isEmpty()) {
      add(
          FindingKind.SEQUENCE_NOT_REPLICATED,
          sequence.name(),
          users.isEmpty() ? "in no set" : "in no set, used by " + String.join(", ", users),
          "add-seq " + sequence.name() + " here, then on its subscribers");
    }
  }

  /** Returns the objects that the root replicates and a node below it does not. */
  static List<Finding> notAdded(
      List<TableInfo> above,
      List<TableInfo> here,
      List<SequenceInfo> sequencesAbove,
      List<SequenceInfo> sequencesHere) {
    Set<TableName> tables = names(here.stream().filter(TableInfo::local).map(TableInfo::name));
    Set<TableName> sequences =
        names(sequencesHere.stream().filter(SequenceInfo::local).map(SequenceInfo::name));
    List<Finding> findings = new ArrayList<>();
    above.stream()
        .filter(table -> table.local() && !tables.contains(table.name()))
        .forEach(
            table ->
                findings.add(
                    new Finding(
                        FindingKind.TABLE_NOT_ADDED,
                        table.name(),
                        "in the set, but not added on this node",
                        "add-table " + table.name())));
    sequencesAbove.stream()
        .filter(sequence -> sequence.local() && !sequences.contains(sequence.name()))
        .forEach(
            sequence ->
                findings.add(
                    new Finding(
                        FindingKind.SEQUENCE_NOT_ADDED,
                        sequence.name(),
                        "in the set, but not added on this node",
                        "add-seq " + sequence.name())));
    return findings;
  }

  private static Set<TableName> names(Stream<TableName> names) {
    return names.collect(Collectors.toSet());
  }
}
