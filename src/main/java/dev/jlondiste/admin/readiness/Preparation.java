package dev.jlondiste.admin.readiness;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes the materialized views of the local node and analyzes tables without statistics, as the
 * role of {@code db}. What this role does not own is left to its owner.
 */
final class Preparation {
  private static final Logger log = LoggerFactory.getLogger(Preparation.class);

  /** A view over others was created after them, unless one of them was replaced. */
  private static final String VIEWS =
      """
      select n.nspname, c.relname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'm' and n.nspname !~ '^pg_'
       order by c.oid
      """;

  private final Cascade cascade;

  Preparation(Cascade cascade) {
    this.cascade = cascade;
  }

  /** Returns the analyzed tables. */
  Set<TableName> run(NodeSide local) throws SQLException {
    List<TableName> views =
        cascade
            .local()
            .call(
                db ->
                    Sql.list(db, VIEWS, row -> new TableName(row.getString(1), row.getString(2))));
    Set<TableName> analyzed = new HashSet<>();
    for (TableName view : views) {
      if (run("refresh materialized view " + view.quoted())) {
        log.info("{}: refreshed", view);
        run("analyze " + view.quoted());
      }
    }
    List<StatisticsChecks.Unanalyzed> tables =
        cascade.local().call(db -> StatisticsChecks.list(db, local));
    for (StatisticsChecks.Unanalyzed table : tables) {
      if (!table.isOwner()) {
        log.warn("{}: not analyzed, it belongs to another role", table.table());
      } else if (run("analyze " + table.table().quoted())) {
        log.info("{}: analyzed", table.table());
        analyzed.add(table.table());
      }
    }
    return analyzed;
  }

  /** Each statement is a transaction; a failure of one is logged. */
  private boolean run(String sql) throws SQLException {
    try (Connection db = cascade.local().open()) {
      db.setAutoCommit(true);
      Sql.run(db, sql);
      return true;
    } catch (SQLException e) {
      if (String.valueOf(e.getSQLState()).startsWith("08")) {
        throw e;
      }
      log.warn("{}: {}", sql, e.getMessage());
      return false;
    }
  }
}
