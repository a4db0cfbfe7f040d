package dev.jlondiste.admin.readiness;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * The planner knows the tables of the new root. Without statistics the first queries of the
 * applications read whole tables.
 */
final class StatisticsChecks {
  /** A table that has grown or shrunk by half since the server counted its rows, and not a few. */
  private static final String TABLES =
      """
      select n.nspname, c.relname,
             s.last_analyze is null and s.last_autoanalyze is null as is_new,
             abs(s.n_live_tup - c.reltuples) > 0.5 * greatest(c.reltuples, 2000) as is_old,
             greatest(c.reltuples, 0)::bigint as estimated, s.n_live_tup,
             pg_has_role(c.relowner, 'usage') as is_owner
        from unnest(?::text[]) t (name)
        join pg_catalog.pg_class c on c.oid = to_regclass(t.name)::oid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_stat_all_tables s on s.relid = c.oid
       where pg_relation_size(c.oid) > 0
       order by 1, 2
      """;

  /**
   * A table whose statistics are missing or wrong.
   *
   * @param isNew true if it was never analyzed
   * @param estimated the number of rows by the planner's statistics
   * @param counted the number of rows by the server's counters
   * @param isOwner false if the role may not analyze it
   */
  record Unanalyzed(
      TableName table, boolean isNew, long estimated, long counted, boolean isOwner) {}

  private StatisticsChecks() {}

  static List<Unanalyzed> list(Connection db, NodeSide side) throws SQLException {
    record Row(Unanalyzed table, boolean isWrong) {}
    return Sql.list(
            db,
            TABLES,
            row ->
                new Row(
                    new Unanalyzed(
                        new TableName(row.getString(1), row.getString(2)),
                        row.getBoolean(3),
                        row.getLong(5),
                        row.getLong(6),
                        row.getBoolean(7)),
                    row.getBoolean(3) || row.getBoolean(4)),
            side.tablesWithRows().stream().map(table -> table.destination().quoted()).toList())
        .stream()
        .filter(Row::isWrong)
        .map(Row::table)
        .toList();
  }

  /** {@code analyzed} are tables that were analyzed so recently that the counters may lag. */
  static void report(
      NodeSide fresh, List<Unanalyzed> tables, Set<TableName> analyzed, Findings findings) {
    tables.stream()
        .filter(table -> !analyzed.contains(table.table()))
        .forEach(
            table ->
                findings.blocker(
                    Check.STATISTICS,
                    table.isNew()
                        ? "%s: never analyzed on node '%s'".formatted(table.table(), fresh.name())
                        : "%s: has about %d rows on node '%s', its statistics say %d"
                            .formatted(
                                table.table(), table.counted(), fresh.name(), table.estimated()),
                    "analyze " + table.table().quoted() + "; or add --prepare"));
  }
}
