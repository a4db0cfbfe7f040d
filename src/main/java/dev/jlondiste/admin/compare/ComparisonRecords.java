package dev.jlondiste.admin.compare;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The results of the last comparisons, one per table, in {@code londiste.compare_result} of the
 * node that compared its tables. Databases with the SQL of Londiste or of an older release do not
 * have that table. Stateless; the caller owns the transaction.
 */
public final class ComparisonRecords {
  private static final String EXISTS = "select to_regclass('londiste.compare_result') is not null";
  private static final String STORE =
      """
      insert into londiste.compare_result
             (queue_name, table_name, source_node, last_tick, is_equal, rows_only, source_result,
              local_result, compared)
      select queue_name, table_name, ?, ?, ?, ?, ?, ?, clock_timestamp()
        from londiste.table_info
       where queue_name = ? and table_name = ? and local
          on conflict (queue_name, table_name) do update
         set source_node = excluded.source_node, last_tick = excluded.last_tick,
             is_equal = excluded.is_equal, rows_only = excluded.rows_only,
             source_result = excluded.source_result, local_result = excluded.local_result,
             compared = excluded.compared
      """;
  private static final String LIST =
      """
      select table_name, source_node, last_tick, is_equal, rows_only, source_result, local_result,
             greatest(0, extract(epoch from clock_timestamp() - compared)) as age
        from londiste.compare_result
       where queue_name = ?
      """;

  private ComparisonRecords() {}

  /** Replaces the result of a table; does nothing on a database that cannot store it. */
  static void store(Connection local, String queue, ComparisonRecord result) throws SQLException {
    if (areKept(local)) {
      Sql.run(
          local,
          STORE,
          result.source(),
          result.tick(),
          result.equal(),
          result.rowsOnly(),
          result.sourceResult(),
          result.localResult(),
          queue,
          result.table().full());
    }
  }

  /** Removes the result of a table, whose rows were changed since. */
  static void forget(Connection local, String queue, TableName table) throws SQLException {
    if (areKept(local)) {
      Sql.run(
          local,
          "delete from londiste.compare_result where queue_name = ? and table_name = ?",
          queue,
          table.full());
    }
  }

  /** Returns the results by table; empty if the database cannot store them. */
  public static Optional<Map<TableName, ComparisonRecord>> list(Connection local, String queue)
      throws SQLException {
    if (!areKept(local)) {
      return Optional.empty();
    }
    Map<TableName, ComparisonRecord> results = new HashMap<>();
    Sql.list(local, LIST, ComparisonRecords::read, queue)
        .forEach(result -> results.put(result.table(), result));
    return Optional.of(results);
  }

  private static boolean areKept(Connection local) throws SQLException {
    return Sql.one(local, EXISTS, row -> row.getBoolean(1));
  }

  private static ComparisonRecord read(ResultSet row) throws SQLException {
    return new ComparisonRecord(
        TableName.parse(row.getString("table_name")),
        row.getString("source_node"),
        row.getLong("last_tick"),
        row.getBoolean("is_equal"),
        row.getBoolean("rows_only"),
        row.getString("source_result"),
        row.getString("local_result"),
        Duration.ofMillis(Math.round(row.getDouble("age") * 1000)));
  }
}
