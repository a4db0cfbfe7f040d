package dev.jlondiste.replica.apply;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.RowChange;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a row change as SQL with untyped literals, so that the target's own column types decide.
 */
final class RowStatement {
  private final TableName table;
  private final Set<String> generated;
  private final boolean overridingAllowed;

  /**
   * Writes for one table.
   *
   * @param generated columns of the target that may not be written
   * @param overridingAllowed true from PostgreSQL 10 on: identity columns take the source's values
   */
  RowStatement(TableName table, Set<String> generated, boolean overridingAllowed) {
    this.table = table;
    this.generated = generated;
    this.overridingAllowed = overridingAllowed;
  }

  String of(RowChange change) {
    return switch (change.operation()) {
      case INSERT -> insert(change);
      case UPDATE -> update(change);
      case DELETE -> "delete from only " + table.quoted() + where(change);
    };
  }

  /** The statement around a fragment of {@code pgq.sqltriga}. */
  String ofFragment(String operation, String fragment) {
    return switch (operation) {
      case "I" -> "insert into " + table.quoted() + " " + fragment;
      case "U" -> "update only " + table.quoted() + " set " + fragment;
      case "D" -> "delete from only " + table.quoted() + " where " + fragment;
      default -> throw new IllegalArgumentException("unknown operation '" + operation + "'");
    };
  }

  private String insert(RowChange change) {
    Map<String, @Nullable String> columns = change.columns();
    return "insert into "
        + table.quoted()
        + " ("
        + columns.keySet().stream()
            .filter(name -> !generated.contains(name))
            .map(Quoting::identifier)
            .collect(Collectors.joining(","))
        + (overridingAllowed ? ") overriding system value values (" : ") values (")
        + columns.entrySet().stream()
            .filter(column -> !generated.contains(column.getKey()))
            .map(column -> Quoting.literal(column.getValue()))
            .collect(Collectors.joining(","))
        + ")";
  }

  private String update(RowChange change) {
    String assignments =
        change.columns().entrySet().stream()
            .filter(column -> !change.keys().contains(column.getKey()))
            .filter(column -> !generated.contains(column.getKey()))
            .map(column -> assignment(column.getKey(), column.getValue()))
            .collect(Collectors.joining(","));
    if (assignments.isEmpty()) {
      // Only keys: still an UPDATE, for triggers that fire ALWAYS and for the count of affected
      // rows.
      String key = change.keys().get(0);
      assignments = Quoting.identifier(key) + "=" + Quoting.identifier(key);
    }
    return "update only " + table.quoted() + " set " + assignments + where(change);
  }

  private static String assignment(String column, @Nullable String value) {
    return Quoting.identifier(column) + "=" + Quoting.literal(value);
  }

  private String where(RowChange change) {
    if (change.keys().isEmpty()) {
      throw new IllegalArgumentException(change.operation() + " without key on table " + table);
    }
    return change.keys().stream()
        .map(key -> condition(key, change.columns()))
        .collect(Collectors.joining(" and ", " where ", ""));
  }

  private static String condition(String key, Map<String, @Nullable String> columns) {
    if (!columns.containsKey(key)) {
      throw new IllegalArgumentException("the event has no value for key column '" + key + "'");
    }
    String value = columns.get(key);
    return Quoting.identifier(key) + (value == null ? " is null" : "=" + Quoting.literal(value));
  }
}
