package dev.jlondiste.replica.apply;

import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.pgq.row.RowShape;
import java.util.Map;
import java.util.Set;

/**
 * The properties of a local table that are needed to write to it.
 *
 * @param oid of the table; 0 if it does not exist
 * @param structure changes with its columns
 * @param generated columns that may not be written
 * @param keyTypes all columns, and whether their values identify a row
 * @param partitioned true if its rows are in partitions
 * @param plain true for an ordinary or partitioned table without rules
 * @param parents tables that its foreign keys refer to
 * @param computed columns that are computed from others when a row is written
 */
record TargetTable(
    TableName name,
    long oid,
    int structure,
    Set<String> generated,
    Map<String, KeyType> keyTypes,
    boolean partitioned,
    boolean plain,
    Set<TableName> parents,
    ComputedColumns computed) {

  /** Whether equal values have equal texts. */
  enum KeyType {
    /** Yes, and the values are whole numbers. */
    INTEGER,
    /** Yes. */
    EXACT,
    /** Not always: {@code 1.0} and {@code 1.00}. */
    INEXACT
  }

  /** True if rows are written to this column as they are. */
  boolean isWritten(String column) {
    return !generated.contains(column)
        && !computed.expressions().containsKey(column)
        && computed.inputs().stream()
            .noneMatch(input -> !input.written() && input.column().equals(column));
  }

  /** The same table with other computed columns. */
  TargetTable with(ComputedColumns others) {
    return new TargetTable(
        name, oid, structure, generated, keyTypes, partitioned, plain, parents, others);
  }

  /** How a statement names its rows. */
  String rows() {
    return TableRows.of(name, partitioned);
  }

  /** True if the key is one whole number. */
  boolean hasIntegerKey(RowShape shape) {
    return shape.keys().size() == 1 && keyTypes.get(shape.keys().get(0)) == KeyType.INTEGER;
  }

  /** True if the texts of two keys are equal exactly when the keys are. */
  boolean canIdentifyRows(RowShape shape) {
    return !shape.keys().isEmpty()
        && shape.keys().stream()
            .allMatch(
                key ->
                    shape.columns().contains(key)
                        && keyTypes.getOrDefault(key, KeyType.INEXACT) != KeyType.INEXACT);
  }
}
