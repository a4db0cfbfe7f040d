package dev.jlondiste.pgq;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One change of one row, as an event of {@code pgq.logutriga} or {@code pgq.jsontriga} carries it;
 * {@link RowChangeReader} reads it. For a DELETE it has the old row, else the new one.
 */
public final class RowChange {
  /** What the virtual machine needs for a value beside its characters. */
  private static final int VALUE_BYTES = 56;

  /** What was done to the row. */
  public enum Operation {
    /** The row is new. */
    INSERT,
    /** The row has changed; the key has not. */
    UPDATE,
    /** The row is gone. */
    DELETE
  }

  private final Operation operation;
  private final RowShape shape;
  private final @Nullable String[] values;

  /** {@code values} in the order of the shape's columns; it is not copied. */
  RowChange(Operation operation, RowShape shape, @Nullable String[] values) {
    this.operation = operation;
    this.shape = shape;
    this.values = values;
  }

  public Operation operation() {
    return operation;
  }

  /** Names of key and columns. */
  public RowShape shape() {
    return shape;
  }

  /** Names of the key columns, in the order of the key. */
  public List<String> keys() {
    return shape.keys();
  }

  /** The output text of a column by its position among the shape's columns; null is NULL. */
  public @Nullable String value(int position) {
    return values[position];
  }

  /** Output text of every column in the order of the event; null is NULL. */
  public Map<String, @Nullable String> columns() {
    Map<String, @Nullable String> columns = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      columns.put(shape.columns().get(i), values[i]);
    }
    return Collections.unmodifiableMap(columns);
  }

  /**
   * The text of a column that is never null: a key, a {@code not null} column.
   *
   * @throws IllegalArgumentException when the event has no such column, or it is NULL
   */
  public String required(String column) {
    int position = shape.columns().indexOf(column);
    return Optional.ofNullable(position < 0 ? null : values[position])
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    (position < 0 ? "no column '" : "NULL in column '")
                        + column
                        + "' among "
                        + shape.columns()));
  }

  /** The values of the key columns, in the order of the key. */
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    keys().forEach(name -> key.put(name, required(name)));
    return key;
  }

  /** About what it takes of the heap. */
  public long bytes() {
    long bytes = VALUE_BYTES;
    for (@Nullable String value : values) {
      bytes += VALUE_BYTES + (value == null ? 0 : value.length());
    }
    return bytes;
  }
}
