package dev.jlondiste.replica.inventory;

import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.SequenceInfo;
import dev.jlondiste.replica.TableInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a node replicates, and how it captures changes.
 *
 * @param tables the registered tables, in the order of their registration
 * @param sequences the registered sequences
 * @param findings the thorough inventory
 * @param captures by queue-wide name, for local tables that exist and store rows
 * @param sequencesInUse the sequences that local replicated tables use, with the queue-wide names
 *     of these tables; a partition uses those of its partitioned tables, too
 */
public record NodeSurvey(
    List<TableInfo> tables,
    List<SequenceInfo> sequences,
    List<Finding> findings,
    Map<TableName, CaptureKind> captures,
    Map<TableName, Set<TableName>> sequencesInUse) {

  static NodeSurvey of(CaptureCatalog catalog, List<Finding> findings) {
    Map<TableName, CaptureKind> captures = new TreeMap<>();
    Map<TableName, Set<TableName>> users = new TreeMap<>();
    for (TableInfo table : catalog.tables()) {
      Optional<CapturedRelation> relation =
          Optional.ofNullable(catalog.relations().get(table.destination()));
      if (table.local() && relation.isPresent()) {
        CaptureKind.of(relation.get()).ifPresent(kind -> captures.put(table.name(), kind));
        Set<TableName> related = withParents(table.destination(), catalog);
        relation.get().partitions().forEach(partition -> related.add(partition.name()));
        related.forEach(
            name -> users.computeIfAbsent(name, n -> new TreeSet<>()).add(table.name()));
      }
    }
    return new NodeSurvey(
        catalog.tables(), catalog.sequences(), findings, captures, inUse(catalog, users));
  }

  private static Set<TableName> withParents(TableName table, CaptureCatalog catalog) {
    Set<TableName> names = new HashSet<>();
    Optional<TableName> next = Optional.of(table);
    while (next.isPresent() && names.add(next.get())) {
      next =
          Optional.ofNullable(catalog.relations().get(next.get()))
              .flatMap(CapturedRelation::parent)
              .map(TableName::parse);
    }
    return names;
  }

  private static Map<TableName, Set<TableName>> inUse(
      CaptureCatalog catalog, Map<TableName, Set<TableName>> users) {
    Map<TableName, Set<TableName>> inUse = new TreeMap<>();
    for (RelatedSequence sequence : catalog.relatedSequences()) {
      Set<TableName> of = new TreeSet<>();
      sequence.tables().forEach(table -> of.addAll(users.getOrDefault(table, Set.of())));
      if (!of.isEmpty()) {
        inUse.put(sequence.name(), of);
      }
    }
    return inUse;
  }

  /** Returns the sequences that are registered and attached here. */
  public Set<TableName> localSequences() {
    Set<TableName> names = new TreeSet<>();
    sequences.stream().filter(SequenceInfo::local).forEach(s -> names.add(s.name()));
    return names;
  }
}
