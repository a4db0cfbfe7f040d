package dev.jlondiste.replica.apply;

import dev.jlondiste.db.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The order of tables in which foreign keys that are checked row by row accept new rows. */
final class ForeignKeyOrder {
  private ForeignKeyOrder() {}

  /**
   * Orders what belongs to tables: a table comes after those that it refers to. In a cycle of
   * references, one table precedes a table that it refers to.
   */
  static <T> List<T> parentsFirst(Collection<T> all, Function<T, TargetTable> table) {
    Map<TableName, T> left = new LinkedHashMap<>();
    all.forEach(one -> left.put(table.apply(one).name(), one));
    List<T> order = new ArrayList<>(all.size());
    all.forEach(one -> place(table.apply(one).name(), table, left, order));
    return order;
  }

  private static <T> void place(
      TableName name, Function<T, TargetTable> table, Map<TableName, T> left, List<T> order) {
    T one = left.remove(name);
    if (one != null) {
      table.apply(one).parents().forEach(parent -> place(parent, table, left, order));
      order.add(one);
    }
  }
}
