package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;

/** The number of rows of a table, estimated from the server's statistics. */
final class RowEstimate {
  private static final String ESTIMATE =
      """
      select case when c.relpages > 0
                  then c.reltuples / c.relpages * pg_catalog.pg_relation_size(c.oid)
                       / pg_catalog.current_setting('block_size')::float8
                  else 0 end
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      """;

  private RowEstimate() {}

  /** Returns zero for a table that is empty or was never analyzed. */
  static long of(Connection db, TableName table) throws SQLException {
    return Sql.first(
            db, ESTIMATE, row -> Math.max(0L, row.getLong(1)), table.schema(), table.name())
        .orElse(0L);
  }
}
