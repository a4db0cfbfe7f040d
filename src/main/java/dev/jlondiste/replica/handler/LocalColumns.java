package dev.jlondiste.replica.handler;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The columns of a local table by name; empty if it does not exist. */
record LocalColumns(Map<String, Column> columns) {
  static final LocalColumns NONE = new LocalColumns(Map.of());

  private static final String COLUMNS =
      """
      select a.attname, pg_catalog.format_type(a.atttypid, -1),
             coalesce(a.attnum = any (i.indkey), false),
             coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') <> ''
        from pg_catalog.pg_attribute a
        left join pg_catalog.pg_index i on i.indrelid = a.attrelid and i.indisprimary
       where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped
       order by a.attnum
      """;

  /**
   * A column.
   *
   * @param type its SQL type, without the length
   * @param key true if it belongs to the primary key
   * @param generated true if it cannot be written
   */
  record Column(String type, boolean key, boolean generated) {}

  static LocalColumns read(Connection local, TableName table) throws SQLException {
    Map<String, Column> all = new LinkedHashMap<>();
    Sql.list(
        local,
        COLUMNS,
        row ->
            all.put(
                row.getString(1),
                new Column(row.getString(2), row.getBoolean(3), row.getBoolean(4))),
        table.quoted());
    return new LocalColumns(all);
  }

  boolean isEmpty() {
    return columns.isEmpty();
  }

  boolean has(String name) {
    return columns.containsKey(name);
  }

  List<String> names() {
    return List.copyOf(columns.keySet());
  }

  boolean isKey(String name) {
    Column column = columns.get(name);
    return column != null && column.key();
  }

  /** The SQL type of a column; {@code text} if it does not exist. */
  String type(String name) {
    Column column = columns.get(name);
    return column == null ? "text" : column.type();
  }

  /**
   * Those of {@code names} that the text of an SQL expression contains as words. It may contain one
   * for another reason, such as in a string.
   */
  static List<String> named(String expression, List<String> names) {
    String text = expression.toLowerCase(Locale.ROOT);
    return names.stream()
        .filter(
            name ->
                Pattern.compile(
                        "(?<![\\w$])" + Pattern.quote(name.toLowerCase(Locale.ROOT)) + "(?![\\w$])")
                    .matcher(text)
                    .find())
        .toList();
  }
}
