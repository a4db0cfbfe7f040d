package dev.jlondiste.pgq;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One change of one row, as an event of {@code pgq.logutriga} or {@code pgq.jsontriga} carries it;
 * {@link RowChangeReader} reads it.
 *
 * @param keys names of the key columns, in the order of the key
 * @param columns output text of every column in the order of the table; null is NULL. For a DELETE
 *     the old row, else the new one
 */
public record RowChange(
    Operation operation, List<String> keys, Map<String, @Nullable String> columns) {
  /** What was done to the row. */
  public enum Operation {
    /** The row is new. */
    INSERT,
    /** The row has changed; the key has not. */
    UPDATE,
    /** The row is gone. */
    DELETE
  }

  /**
   * The text of a column that is never null: a key, a {@code not null} column.
   *
   * @throws IllegalArgumentException when the event has no such column, or it is NULL
   */
  public String required(String column) {
    return Optional.ofNullable(columns.get(column))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    (columns.containsKey(column) ? "NULL in column '" : "no column '")
                        + column
                        + "' among "
                        + columns.keySet()));
  }

  /** The values of the key columns, in the order of the key. */
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    keys.forEach(name -> key.put(name, required(name)));
    return key;
  }
}
