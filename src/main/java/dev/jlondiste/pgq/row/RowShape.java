package dev.jlondiste.pgq.row;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The format and column names that the row changes of one table have in common. Successive rows of
 * one {@link RowCache} share the instance, so that comparing shapes is cheap.
 *
 * @param json true if values have the JSON format, in which timestamps and booleans differ from
 *     url-encoded events
 * @param keys names of the key columns, in the order of the key
 * @param columns names of all columns in the order of the event
 */
public record RowShape(boolean json, List<String> keys, List<String> columns) {
  public RowShape {
    keys = List.copyOf(keys);
    columns = List.copyOf(columns);
  }

  // Called for every event: the identity check makes it faster than a record's own method.
  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof RowShape that
            && json == that.json
            && columns.equals(that.columns)
            && keys.equals(that.keys));
  }

  @Override
  public int hashCode() {
    return 31 * keys.hashCode() + columns.hashCode() + Boolean.hashCode(json);
  }

  /**
   * The positions of the key columns in {@link #columns}; -1 for a key column that is not in it.
   */
  public int[] keyPositions() {
    return keys.stream().mapToInt(columns::indexOf).toArray();
  }

  /** The positions of the columns that are not part of the key. */
  public int[] otherPositions() {
    return IntStream.range(0, columns.size()).filter(i -> !keys.contains(columns.get(i))).toArray();
  }
}
