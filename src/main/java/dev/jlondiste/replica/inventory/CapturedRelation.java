package dev.jlondiste.replica.inventory;

import dev.jlondiste.db.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A relation of the database, and the triggers by which a queue captures it.
 *
 * @param kind the server's letter: {@code r} ordinary, {@code p} partitioned, {@code f} foreign,
 *     ...
 * @param persistence the server's letter: {@code p}, {@code u} unlogged, {@code t} temporary
 * @param extension that owns it
 * @param configuration its rows are the users', though it is an extension's
 * @param hasKey has a primary key
 * @param parent the partitioned table that it is a partition of
 * @param triggers of the queue
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

  /** Of its own, and not those of tables elsewhere unless they belong to a table here. */
  boolean hasRows() {
    return isTable() || (kind.equals("f") && parent.isPresent());
  }

  boolean isUnlogged() {
    return persistence.equals("u");
  }

  /** The table that the triggers were made for, as the queue calls it; empty: they do not tell. */
  Optional<TableName> identity() {
    return triggers.stream().flatMap(trigger -> trigger.identity().stream()).findFirst();
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
