package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.Utf8Check;
import dev.jlondiste.fault.UserError;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a row that the target refuses because it is not valid UTF-8. The source cannot detect
 * it, because its database has encoding SQL_ASCII. Thread-safe.
 */
final class RowCheck {
  /** No check: the source's server has converted the rows, or the target does not convert them. */
  static final RowCheck NONE = new RowCheck(null, List.of(), List.of());

  private static final String KEY =
      """
      select a.attname
        from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
       where n.nspname = ? and c.relname = ? and i.indisprimary
       order by a.attnum
      """;

  private final @Nullable TableName table;
  private final List<String> columns;
  private final List<String> key;

  private RowCheck(@Nullable TableName table, List<String> columns, List<String> key) {
    this.table = table;
    this.columns = columns;
    this.key = key;
  }

  /** Returns the check for rows with these columns in text format. */
  static RowCheck of(Connection source, TableName table, List<String> columns) throws SQLException {
    List<String> key = Sql.list(source, KEY, row -> row.getString(1), table.schema(), table.name());
    return new RowCheck(table, columns, key);
  }

  /** Checks {@code row}, which is in the format that COPY sends. */
  void check(byte[] row) {
    if (table == null) {
      return;
    }
    String problem = new Utf8Check().problem(row, 0, row.length);
    if (problem != null) {
      throw new UserError(
          "row of " + table + " with key " + keyOf(row) + ": " + problem,
          "correct the row on the provider, or let this database have encoding SQL_ASCII, too");
    }
  }

  private String keyOf(byte[] row) {
    String[] values = new String(row, StandardCharsets.ISO_8859_1).stripTrailing().split("\t", -1);
    return key.stream()
        .map(
            name -> {
              int position = columns.indexOf(name);
              return name + "=" + (position < 0 ? "?" : values[position]);
            })
        .collect(Collectors.joining(", "));
  }
}
