package dev.jlondiste.pgq;

import dev.jlondiste.pgq.row.Row;
import dev.jlondiste.pgq.row.RowShape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One change of one row, decoded from an event of {@code pgq.logutriga} or {@code pgq.jsontriga} by
 * {@link RowChangeReader}. It has the old row for a DELETE, otherwise the new row.
 */
public final class RowChange {
  /** Estimated heap size of the object itself and of the reference to it. */
  private static final int OVERHEAD_BYTES = 200;

  private static final long LARGE_BYTES = 1 << 20;

  /** The operation on the row. */
  public enum Operation {
    /** The row was inserted. */
    INSERT,
    /** The row was updated; its key is unchanged. */
    UPDATE,
    /** The row was deleted. */
    DELETE
  }

  private final Operation operation;
  private final boolean moved;
  private final boolean replacing;
  private final Row row;

  /** Creates a change; {@code moved} is the value of {@link #isMoved}. */
  public RowChange(Operation operation, boolean moved, Row row) {
    this(operation, moved, false, row);
  }

  private RowChange(Operation operation, boolean moved, boolean replacing, Row row) {
    this.operation = operation;
    this.moved = moved;
    this.replacing = replacing;
    this.row = row;
  }

  /** Returns an INSERT of the row that first deletes the row of the same key, if there is one. */
  public static RowChange replacing(Row row) {
    return new RowChange(Operation.INSERT, false, true, row);
  }

  /** Returns the same row with another operation. */
  public RowChange as(Operation other) {
    return new RowChange(other, false, row);
  }

  /** Returns the same change, not as half of a key update: see {@link #isMoved}. */
  public RowChange apart() {
    return moved ? as(operation) : this;
  }

  /** Returns the same change of another row, which has the values in another shape. */
  public RowChange withRow(Row other) {
    return new RowChange(operation, moved, replacing, other);
  }

  public Operation operation() {
    return operation;
  }

  /**
   * True for a DELETE that is the first half of an update of the key: the next INSERT of the same
   * transaction into the same table has the row with its new key. Only native capture sets this. It
   * may be treated as any other DELETE unless deleting a row has side effects, such as triggers or
   * cascading foreign keys.
   */
  public boolean isMoved() {
    return moved;
  }

  /** True for the result of {@link #replacing}. No event is decoded into such a change. */
  public boolean isReplacing() {
    return replacing;
  }

  /** The row of the event. */
  public Row row() {
    return row;
  }

  /** The names of the key columns and of all columns. */
  public RowShape shape() {
    return row.shape();
  }

  /** The names of the key columns, in the order of the key. */
  public List<String> keys() {
    return shape().keys();
  }

  /** The text of a column by its position in the shape; null is NULL. */
  public @Nullable String value(int position) {
    return row.text(position);
  }

  /** The SQL literal of a column. */
  public String literal(int position) {
    return row.literal(position);
  }

  /**
   * True if its values are {@link dev.jlondiste.db.RawText}, which only SQL literals can represent.
   */
  public boolean isRaw() {
    return row.isRaw();
  }

  /** A column as a number; null if the column is NULL or not an integer of at most 64 bits. */
  public @Nullable Long wholeNumber(int position) {
    return row.wholeNumber(position);
  }

  /** The texts of all columns in the order of the event; null is NULL. */
  public Map<String, @Nullable String> columns() {
    Map<String, @Nullable String> columns = new LinkedHashMap<>();
    List<String> names = shape().columns();
    for (int i = 0; i < names.size(); i++) {
      columns.put(names.get(i), row.text(i));
    }
    return Collections.unmodifiableMap(columns);
  }

  /**
   * The text of a column that must not be NULL.
   *
   * @throws IllegalArgumentException if the event does not have the column, or it is NULL
   */
  public String required(String column) {
    int position = shape().columns().indexOf(column);
    return Optional.ofNullable(position < 0 ? null : row.text(position))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    (position < 0 ? "no column '" : "NULL in column '")
                        + column
                        + "' among "
                        + shape().columns()));
  }

  /** The values of the key columns, in the order of the key. */
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    keys().forEach(name -> key.put(name, required(name)));
    return key;
  }

  /** The key in the format of messages: {@code id=5, lang=en}. */
  public String keyText() {
    return keys().stream()
        .map(
            name -> {
              int position = shape().columns().indexOf(name);
              return name + "=" + (position < 0 ? "?" : row.text(position));
            })
        .collect(Collectors.joining(", "));
  }

  /**
   * True if the row should not be part of a statement, which needs several times the memory of the
   * row.
   */
  public boolean isLarge() {
    return bytes() > LARGE_BYTES;
  }

  /** Returns an estimate of its heap size in bytes. */
  public long bytes() {
    return OVERHEAD_BYTES + row.bytes();
  }
}
