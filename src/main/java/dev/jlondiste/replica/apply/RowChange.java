package dev.jlondiste.replica.apply;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change of one row, as an event carries it.
 *
 * @param keys names of the key columns, in the order of the key
 * @param columns output text of every column in the order of the table; null is NULL. For a DELETE
 *     the old row, else the new one
 */
public record RowChange(
    Operation operation, List<String> keys, Map<String, @Nullable String> columns) {
  /** What was done to the row. */
  public enum Operation {
    INSERT,
    UPDATE,
    DELETE
  }
}
