package dev.jlondiste.replica.inventory;

import dev.jlondiste.db.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A relation of the database, and the triggers that capture it into a queue.
 *
 * @param kind the server's code: {@code r} ordinary, {@code p} partitioned, {@code f} foreign, ...
 * @param persistence the server's code: {@code p}, {@code u} unlogged, {@code t} temporary
 * @param extension the extension that owns it
 * @param configuration true if it belongs to an extension, but its rows are user data
 * @param hasKey true if it has a primary key
 * @param parent the partitioned table that it is a partition of
 * @param triggers the triggers of the queue
 * @param partitions of a partitioned table, those that store its rows
 */
record CapturedRelation(
    long oid,
    TableName name,
    String kind,
    String persistence,
    Optional<String> extension,
    boolean configuration,
    boolean hasKey,
    Optional<String> parent,
    List<CaptureTrigger> triggers,
    List<CapturedRelation> partitions) {

  /** True for an ordinary or partitioned table. */
  boolean isTable() {
    return kind.equals("r") || isPartitioned();
  }

  boolean isPartitioned() {
    return kind.equals("p");
  }

  /** Returns the tables that store its rows, and so have its triggers. */
  List<CapturedRelation> storage() {
    return isPartitioned() ? partitions : List.of(this);
  }

  /**
   * True if the relation stores rows itself, or is a foreign table that is a partition of a local
   * table.
   */
  boolean hasRows() {
    return kind.equals("r") || (kind.equals("f") && parent.isPresent());
  }

  boolean isUnlogged() {
    return persistence.equals("u");
  }

  /**
   * Returns the queue-wide name of the table for which the triggers were created; empty if they do
   * not contain it.
   */
  Optional<TableName> identity() {
    return allTriggers().stream().flatMap(trigger -> trigger.identity().stream()).findFirst();
  }

  CapturedRelation withoutTriggersOfUsers() {
    return new CapturedRelation(
        oid,
        name,
        kind,
        persistence,
        extension,
        configuration,
        hasKey,
        parent,
        triggers.stream().filter(CaptureTrigger::isCreatedByLondiste).toList(),
        partitions.stream().map(CapturedRelation::withoutTriggersOfUsers).toList());
  }

  CapturedRelation withPartitions(List<CapturedRelation> others) {
    return new CapturedRelation(
        oid,
        name,
        kind,
        persistence,
        extension,
        configuration,
        hasKey,
        parent,
        triggers,
        List.copyOf(others));
  }

  /** Returns the triggers of the queue, of a partitioned table those of its partitions. */
  List<CaptureTrigger> allTriggers() {
    return storage().stream().flatMap(table -> table.triggers().stream()).toList();
  }

  boolean hasNativeTriggers() {
    return allTriggers().stream().anyMatch(CaptureTrigger::isNative);
  }

  String kindInWords() {
    return switch (kind) {
      case "p" -> "a partitioned table";
      case "f" -> "a foreign table";
      case "v" -> "a view";
      case "m" -> "a materialized view";
      default -> "a table";
    };
  }
}
