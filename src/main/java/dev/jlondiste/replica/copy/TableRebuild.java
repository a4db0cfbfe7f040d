package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.structure.CopyObstacles;
import dev.jlondiste.structure.Ddl;
import dev.jlondiste.structure.DroppableObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is dropped before the rows come and built again after them: it costs less than to maintain
 * it. Both happen in the transaction of the copy, so no crash can leave a table without its keys.
 */
final class TableRebuild {
  private static final Logger log = LoggerFactory.getLogger(TableRebuild.class);

  private final List<DroppableObject> objects;

  private TableRebuild(List<DroppableObject> objects) {
    this.objects = objects;
  }

  /** Rows that stay are indexed already, and to do that again may cost more than it saves. */
  static TableRebuild of(Connection here, TableName table, boolean keepsRows) throws SQLException {
    return new TableRebuild(
        keepsRows && hasRows(here, table) ? List.of() : CopyObstacles.of(here, table));
  }

  private static boolean hasRows(Connection here, TableName table) throws SQLException {
    return Sql.first(here, "select 1 from only " + table.quoted() + " limit 1", row -> 1)
        .isPresent();
  }

  void drop(Connection here) throws SQLException {
    for (DroppableObject object : objects) {
      log.info("Dropping {}", object.name());
      Ddl.run(here, object.dropSql());
    }
  }

  void restore(Connection here, StopSignal stop) throws SQLException, InterruptedException {
    for (int i = objects.size() - 1; i >= 0; i--) {
      if (stop.isRequested()) {
        throw new InterruptedException("stopped before all indexes were built");
      }
      log.info("Creating {}", objects.get(i).name());
      Ddl.run(here, objects.get(i).createSql());
    }
  }
}
