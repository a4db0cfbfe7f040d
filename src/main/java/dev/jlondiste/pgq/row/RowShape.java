package dev.jlondiste.pgq.row;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What the row changes of one table have in common. Those of one {@link KnownRows} that follow each
 * other share it, so that comparing shapes is cheap.
 *
 * @param json values are written as JSON has them, where times and truth values look otherwise than
 *     in url-encoded events
 * @param keys names of the key columns, in the order of the key
 * @param columns names of all columns in the order of the event
 */
public record RowShape(boolean json, List<String> keys, List<String> columns) {
  public RowShape {
    keys = List.copyOf(keys);
    columns = List.copyOf(columns);
  }

  // Shared instances are compared for every event, and what a record brings along is slower.
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

  /** Where the key columns stand among {@link #columns}; -1 for one that is not among them. */
  public int[] keyPositions() {
    return keys.stream().mapToInt(columns::indexOf).toArray();
  }

  /** Where the columns stand that are not part of the key. */
  public int[] otherPositions() {
    return IntStream.range(0, columns.size()).filter(i -> !keys.contains(columns.get(i))).toArray();
  }
}
