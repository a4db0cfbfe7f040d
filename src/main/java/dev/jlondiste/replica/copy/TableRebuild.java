package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.structure.CopyObstacles;
import dev.jlondiste.structure.Ddl;
import dev.jlondiste.structure.DroppableObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is dropped before the rows come and built again after them: it costs less than to maintain
 * it. With a copy of one transaction both happen in it, so no crash can leave a table without its
 * keys; see {@link SplitCopy} for the others. Used by one thread at a time.
 */
final class TableRebuild {
  private static final Logger log = LoggerFactory.getLogger(TableRebuild.class);

  /** By this mark the database code knows what it may restore when a table is forgotten. */
  private static final String SPLIT_COPY = "/* split copy */ ";

  /** In the order of creating, without those that are there again. */
  private final List<DroppableObject> missing;

  private TableRebuild(List<DroppableObject> inOrderOfDropping) {
    this.missing = new ArrayList<>(inOrderOfDropping);
    Collections.reverse(missing);
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
    for (int i = missing.size() - 1; i >= 0; i--) {
      log.info("Dropping {}", missing.get(i).name());
      Ddl.run(here, missing.get(i).dropSql());
    }
  }

  void restore(Connection here, StopSignal stop) throws SQLException, InterruptedException {
    for (DroppableObject object : missing) {
      if (stop.isRequested()) {
        throw new InterruptedException("stopped before all indexes were built");
      }
      log.info("Creating {}", object.name());
      Ddl.run(here, object.createSql());
    }
  }

  List<DroppableObject> missing() {
    return List.copyOf(missing);
  }

  /** Those that can be built at the same time. */
  List<DroppableObject> besideOthers() {
    return missing.stream().filter(DroppableObject::buildsBesideOthers).toList();
  }

  void isThere(DroppableObject object) {
    missing.remove(object);
  }

  /** Null when nothing is missing. */
  @Nullable String restoreSql() {
    return sql(missing);
  }

  /** What {@link #restoreSql} will be when {@code object} is there. */
  @Nullable String restoreSqlWithout(DroppableObject object) {
    return sql(missing.stream().filter(other -> !other.equals(object)).toList());
  }

  private static @Nullable String sql(List<DroppableObject> objects) {
    return objects.isEmpty()
        ? null
        : objects.stream()
            .map(DroppableObject::createSql)
            .collect(Collectors.joining(";\n", SPLIT_COPY, ""));
  }
}
