package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives a table that was created as on the source the columns that the arguments describe. */
final class ColumnsTable {
  private final TableName table;
  private final ColumnArguments arguments;

  ColumnsTable(TableName table, ColumnArguments arguments) {
    this.table = table;
    this.arguments = arguments;
  }

  /**
   * The table is new and empty. Indexes and constraints of columns that are left out are dropped.
   */
  void adapt(Connection local) throws SQLException {
    LocalColumns before = LocalColumns.read(local, table);
    List<String> drops = new ArrayList<>();
    Map<String, String> renames = new LinkedHashMap<>();
    for (String column : before.names()) {
      Optional<String> target = arguments.target(column);
      if (target.isEmpty() && !arguments.assigned().containsKey(column)) {
        drops.add(column);
      } else if (target.isPresent() && !target.get().equals(column)) {
        renames.put(column, target.get());
      }
    }
    Map<String, String> added = new LinkedHashMap<>();
    for (Map.Entry<String, ColumnArguments.Value> value : arguments.assigned().entrySet()) {
      if (!before.has(value.getKey())) {
        added.put(value.getKey(), type(local, before, value.getValue()));
      }
    }
    for (String column : drops) {
      alter(local, "drop column " + Quoting.identifier(column));
    }
    // In two steps, because columns may exchange their names.
    List<Map.Entry<String, String>> pairs = List.copyOf(renames.entrySet());
    for (int i = 0; i < pairs.size(); i++) {
      rename(local, pairs.get(i).getKey(), "_renamed_" + i);
    }
    for (int i = 0; i < pairs.size(); i++) {
      rename(local, "_renamed_" + i, pairs.get(i).getValue());
    }
    for (Map.Entry<String, String> column : added.entrySet()) {
      alter(local, "add column " + Quoting.identifier(column.getKey()) + " " + column.getValue());
    }
  }

  private void rename(Connection local, String column, String name) throws SQLException {
    alter(local, "rename column " + Quoting.identifier(column) + " to " + Quoting.identifier(name));
  }

  private void alter(Connection local, String change) throws SQLException {
    Sql.run(local, "alter table only " + table.quoted() + " " + change);
  }

  /** The type of a value, in the table as on the source. */
  private String type(Connection local, LocalColumns source, ColumnArguments.Value value)
      throws SQLException {
    String inputs =
        LocalColumns.named(value.sql(), source.names()).stream()
            .map(
                column ->
                    "null::"
                        + (arguments.target(column).isPresent() ? source.type(column) : "text")
                        + " as "
                        + Quoting.identifier(column))
            .reduce((one, other) -> one + ", " + other)
            .orElse("1");
    return Sql.one(
        local,
        "select case pg_typeof(_value) when 'unknown'::regtype then 'text'"
            + " else pg_typeof(_value)::text end from (select ("
            + value.sql()
            + ") as _value from (select "
            + inputs
            + ") as _row) as _values",
        row -> row.getString(1));
  }
}
