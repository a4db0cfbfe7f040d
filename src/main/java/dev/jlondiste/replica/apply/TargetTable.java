package dev.jlondiste.replica.apply;

import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.row.RowShape;
import java.util.Map;
import java.util.Set;

/**
 * What has to be known of a local table to write to it.
 *
 * @param oid of the table; 0 when there is none
 * @param structure changes with its columns
 * @param generated columns that may not be written
 * @param keyTypes the other columns, and what their values are worth as a key
 * @param plain it is a table without rules
 * @param parents tables that its foreign keys refer to
 */
record TargetTable(
    TableName name,
    long oid,
    int structure,
    Set<String> generated,
    Map<String, KeyType> keyTypes,
    boolean plain,
    Set<TableName> parents) {

  /** Whether equal values have equal texts. */
  enum KeyType {
    /** They have, and are whole numbers. */
    INTEGER,
    /** They have. */
    EXACT,
    /** They may not: {@code 1.0} and {@code 1.00}. */
    INEXACT
  }

  /** True when the key is one whole number. */
  boolean hasNumberAsKey(RowShape shape) {
    return shape.keys().size() == 1 && keyTypes.get(shape.keys().get(0)) == KeyType.INTEGER;
  }

  /** True when texts tell whether two changes are of the same row. */
  boolean tellsRowsApart(RowShape shape) {
    return !shape.keys().isEmpty()
        && shape.keys().stream()
            .allMatch(
                key ->
                    shape.columns().contains(key)
                        && keyTypes.getOrDefault(key, KeyType.INEXACT) != KeyType.INEXACT);
  }
}
