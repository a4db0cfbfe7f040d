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
 * One change of one row, as an event of {@code pgq.logutriga} or {@code pgq.jsontriga} carries it;
 * {@link RowChangeReader} reads it. For a DELETE it has the old row, else the new one.
 */
public final class RowChange {
  /** What the virtual machine needs for it and for whoever holds it. */
  private static final int OVERHEAD_BYTES = 200;

  private static final long LARGE = 1 << 20;

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
  private final boolean moved;
  private final Row row;

  /** {@code moved} as {@link #isMoved} says it. */
  public RowChange(Operation operation, boolean moved, Row row) {
    this.operation = operation;
    this.moved = moved;
    this.row = row;
  }

  public Operation operation() {
    return operation;
  }

  /**
   * A DELETE of a row that is not gone, but has another key from now on: the next INSERT of the
   * same transaction into the same table has it. Native capture tells; to treat it as any other
   * DELETE is right where nothing else happens when a row is deleted.
   */
  public boolean isMoved() {
    return moved;
  }

  /** The row as its event has it. */
  public Row row() {
    return row;
  }

  /** Names of key and columns. */
  public RowShape shape() {
    return row.shape();
  }

  /** Names of the key columns, in the order of the key. */
  public List<String> keys() {
    return shape().keys();
  }

  /** The output text of a column by its position among the shape's columns; null is NULL. */
  public @Nullable String value(int position) {
    return row.text(position);
  }

  /** A column as it is written in SQL. */
  public String literal(int position) {
    return row.literal(position);
  }

  /** True if its values are {@link dev.jlondiste.db.RawText}, which only SQL can write. */
  public boolean isRaw() {
    return row.isRaw();
  }

  /**
   * A column as a number; null when it is NULL, or not what the server writes for a whole number of
   * at most 64 bits.
   */
  public @Nullable Long wholeNumber(int position) {
    return row.wholeNumber(position);
  }

  /** Output text of every column in the order of the event; null is NULL. */
  public Map<String, @Nullable String> columns() {
    Map<String, @Nullable String> columns = new LinkedHashMap<>();
    List<String> names = shape().columns();
    for (int i = 0; i < names.size(); i++) {
      columns.put(names.get(i), row.text(i));
    }
    return Collections.unmodifiableMap(columns);
  }

  /**
   * The text of a column that is never null: a key, a {@code not null} column.
   *
   * @throws IllegalArgumentException when the event has no such column, or it is NULL
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

  /** The key for messages: {@code id=5, lang=en}. */
  public String keyText() {
    return keys().stream()
        .map(
            name -> {
              int position = shape().columns().indexOf(name);
              return name + "=" + (position < 0 ? "?" : row.text(position));
            })
        .collect(Collectors.joining(", "));
  }

  /** True when a statement with the row in it would need several times as much memory. */
  public boolean isLarge() {
    return bytes() > LARGE;
  }

  /** About what it takes of the heap. */
  public long bytes() {
    return OVERHEAD_BYTES + row.bytes();
  }
}
