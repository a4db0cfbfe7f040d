package dev.jlondiste.replica.handler;

import dev.jlondiste.replica.apply.ComputedColumns;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a row of the source becomes a row of the local table.
 *
 * @param written the column of the source for each local column that has its values
 * @param constants the value of each local column that always has the same; null is NULL
 * @param computed the other local columns; their inputs name columns of the source
 * @param changed written columns whose values differ from those of the source, by a rule that SQL
 *     cannot express
 */
public record RowMapping(
    Map<String, String> written,
    Map<String, @Nullable String> constants,
    ComputedColumns computed,
    Set<String> changed) {
  public RowMapping {
    written = Collections.unmodifiableMap(new LinkedHashMap<>(written));
    constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    changed = Set.copyOf(changed);
  }

  /** Values are those of the source, or the result of SQL. */
  public RowMapping(
      Map<String, String> written,
      Map<String, @Nullable String> constants,
      ComputedColumns computed) {
    this(written, constants, computed, Set.of());
  }

  /** Columns have the names that they have on the source. */
  public static RowMapping same(List<String> columns) {
    Map<String, String> written = new LinkedHashMap<>();
    columns.forEach(column -> written.put(column, column));
    return new RowMapping(written, Map.of(), ComputedColumns.NONE);
  }

  /** True if the local column gets a value. */
  public boolean writes(String column) {
    return written.containsKey(column)
        || constants.containsKey(column)
        || computed.expressions().containsKey(column);
  }

  /** True if the values of columns are those of the source, whatever their names are. */
  public boolean isPlain() {
    return constants.isEmpty() && computed.expressions().isEmpty() && changed.isEmpty();
  }
}
