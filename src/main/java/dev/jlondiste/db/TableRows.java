package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * How a statement names the rows that a table replicates: those of its partitions belong to it,
 * those of its inheritance children do not.
 */
public final class TableRows {
  private static final String KIND =
      """
      select c.relkind::text
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      """;

  private TableRows() {}

  /** Returns the quoted name, with {@code only} unless the table is partitioned. */
  public static String of(Connection db, TableName table) throws SQLException {
    return of(table, isPartitioned(db, table));
  }

  /** The same, for a table that is known. */
  public static String of(TableName table, boolean partitioned) {
    return (partitioned ? "" : "only ") + table.quoted();
  }

  /** False for a table that does not exist. */
  public static boolean isPartitioned(Connection db, TableName table) throws SQLException {
    return Sql.first(db, KIND, row -> row.getString(1), table.schema(), table.name())
        .equals(Optional.of("p"));
  }
}
