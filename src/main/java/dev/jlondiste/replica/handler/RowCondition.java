package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.pgq.row.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An SQL condition, which the local database evaluates for rows. Results are cached, so that many
 * rows can be evaluated by one query before they are asked for. Used by one thread.
 */
final class RowCondition {
  /** Rows that are evaluated by one query. */
  private static final int MAX_ROWS = 1000;

  /** Of the values of cached results. */
  private static final long MAX_CHARACTERS = 8L << 20;

  /** What an entry needs apart from the characters of its values. */
  private static final int ENTRY_CHARACTERS = 64;

  private final String sql;
  private final LocalColumns local;
  private final Map<List<String>, Boolean> results = new HashMap<>();
  private long characters;
  private List<String> namesOfRow = List.of();
  private List<String> usedOfRow = List.of();

  /** {@code local} has the types of the columns. */
  RowCondition(String sql, LocalColumns local) {
    this.sql = sql;
    this.local = local;
  }

  /** The columns among {@code names} that the condition depends on; all if none is recognized. */
  List<String> columns(List<String> names) {
    if (!names.equals(namesOfRow)) {
      List<String> used = LocalColumns.named(sql, names);
      usedOfRow = used.isEmpty() ? names : used;
      namesOfRow = names;
    }
    return usedOfRow;
  }

  /** The literals of the values that the condition depends on, after the columns' names. */
  private List<String> values(Row row) {
    List<String> names = row.shape().columns();
    List<String> used = columns(names);
    List<String> values = new ArrayList<>(used);
    for (String name : used) {
      values.add(row.literal(names.indexOf(name)));
    }
    return values;
  }

  /** True if the row fulfils the condition. */
  boolean test(Row row, Connection db) throws SQLException {
    List<String> values = values(row);
    Boolean known = results.get(values);
    if (known == null) {
      trim();
      query(List.of(values), db);
      known = results.get(values);
    }
    return Boolean.TRUE.equals(known);
  }

  /** Evaluates rows for later calls of {@link #test}. */
  void evaluate(Collection<Row> rows, Connection db) throws SQLException {
    trim();
    Map<List<String>, Set<List<String>>> byColumns = new HashMap<>();
    for (Row row : rows) {
      List<String> values = values(row);
      if (!results.containsKey(values)) {
        byColumns
            .computeIfAbsent(values.subList(0, values.size() / 2), columns -> new LinkedHashSet<>())
            .add(values);
      }
    }
    for (Set<List<String>> all : byColumns.values()) {
      List<List<String>> list = List.copyOf(all);
      for (int from = 0; from < list.size(); from += MAX_ROWS) {
        query(list.subList(from, Math.min(list.size(), from + MAX_ROWS)), db);
      }
    }
  }

  private void trim() {
    if (characters > MAX_CHARACTERS) {
      results.clear();
      characters = 0;
    }
  }

  private boolean store(List<String> values, boolean result) {
    characters += ENTRY_CHARACTERS;
    for (String value : values.subList(values.size() / 2, values.size())) {
      characters += value.length();
    }
    results.put(values, result);
    return result;
  }

  /**
   * Lets the server check the condition in the form in which rows are evaluated, which has only
   * their columns.
   *
   * @throws SQLException if it is not valid
   */
  void check(Connection db) throws SQLException {
    List<String> used = columns(local.names());
    List<String> values = new ArrayList<>(used);
    used.forEach(name -> values.add("NULL"));
    // Two rows, because the planner could compute the condition of one.
    Sql.list(db, "explain " + sql(List.of(values, values)), row -> true);
  }

  /** Evaluates rows with the same columns. */
  private void query(List<List<String>> rows, Connection db) throws SQLException {
    Sql.list(db, sql(rows), row -> store(rows.get(row.getInt(1)), row.getBoolean(2)));
  }

  private String sql(List<List<String>> rows) {
    int columns = rows.get(0).size() / 2;
    StringBuilder names = new StringBuilder("_number");
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      values.append(i == 0 ? "(" : ",(").append(i);
      for (int column = 0; column < columns; column++) {
        values.append(',').append(rows.get(i).get(columns + column));
        if (i == 0) { // determines the type of the others
          String name = rows.get(0).get(column);
          values.append("::").append(local.type(name));
          names.append(',').append(Quoting.identifier(name));
        }
      }
      values.append(')');
    }
    return "select _number, (%s) is true from (values %s) as _row(%s)"
        .formatted(sql, values, names);
  }
}
