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
    List<CaptureTrigger> triggers) {

  boolean isTable() {
    return kind.equals("r");
  }

  /**
   * True if the relation stores rows itself, or is a foreign table that is a partition of a local
   * table.
   */
  boolean hasRows() {
    return isTable() || (kind.equals("f") && parent.isPresent());
  }

  boolean isUnlogged() {
    return persistence.equals("u");
  }

  /**
   * Returns the queue-wide name of the table for which the triggers were created; empty if they do
   * not contain it.
   */
  Optional<TableName> identity() {
    return triggers.stream().flatMap(trigger -> trigger.identity().stream()).findFirst();
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
        triggers.stream().filter(CaptureTrigger::isCreatedByLondiste).toList());
  }

  boolean hasNativeTriggers() {
    return triggers.stream().anyMatch(CaptureTrigger::isNative);
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
