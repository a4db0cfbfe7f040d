package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.Unrestored;
import dev.jlondiste.structure.CopyObstacles;
import dev.jlondiste.structure.Ddl;
import dev.jlondiste.structure.DroppableObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

  /** Indexes go where they were, not where the role or the database wants new ones. */
  private static final String OWN_TABLESPACE = "set local default_tablespace = ''";

  private final TableName table;

  /** In the order of dropping. */
  private final List<DroppableObject> obstacles;

  /** In the order of creating, without those that are there again or recorded as not restorable. */
  private final List<DroppableObject> missing;

  /** Of these, what an earlier copy could not create: it is recorded already. */
  private final List<DroppableObject> recorded;

  private TableRebuild(
      TableName table, List<DroppableObject> inOrderOfDropping, List<DroppableObject> recorded) {
    this.table = table;
    this.obstacles = inOrderOfDropping;
    this.recorded = recorded;
    this.missing = new ArrayList<>(inOrderOfDropping);
    Collections.reverse(missing);
    missing.addAll(recorded);
  }

  /** Rows that stay are indexed already, and to do that again may cost more than it saves. */
  static TableRebuild of(Connection here, TableName table, boolean keepsRows) throws SQLException {
    if (keepsRows && hasRows(here, table)) {
      return new TableRebuild(table, List.of(), List.of());
    }
    List<DroppableObject> recorded =
        Unrestored.indexes(here, table).entrySet().stream()
            .map(index -> new DroppableObject(index.getKey(), "", index.getValue(), false))
            .toList();
    return new TableRebuild(table, CopyObstacles.of(here, table), recorded);
  }

  private static boolean hasRows(Connection here, TableName table) throws SQLException {
    return Sql.first(here, "select 1 from only " + table.quoted() + " limit 1", row -> 1)
        .isPresent();
  }

  void drop(Connection here) throws SQLException {
    for (DroppableObject object : obstacles) {
      log.info("Dropping {}", object.name());
      Ddl.run(here, object.dropSql());
    }
  }

  void restore(Connection here, StopSignal stop) throws SQLException, InterruptedException {
    for (DroppableObject object : missing) {
      if (stop.isRequested()) {
        throw new InterruptedException("stopped before all indexes were built");
      }
      create(here, object);
    }
  }

  /** Creates it, or records that it cannot be created: that does not undo the copy. */
  void create(Connection here, DroppableObject object) throws SQLException {
    log.info("Creating {}", object.name());
    Ddl.run(here, OWN_TABLESPACE);
    Unrestored.create(here, table, object.name(), object.createSql());
  }

  /**
   * Statistics. A function that fails there, because of its search_path, does not undo the copy.
   */
  void analyze(Connection here) throws SQLException {
    Savepoint before = here.setSavepoint();
    try {
      Ddl.run(here, "analyze " + table.quoted());
      here.releaseSavepoint(before);
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e;
      }
      here.rollback(before);
      log.warn("{}: cannot be analyzed, now and by autovacuum: {}", table, e.getMessage());
    }
  }

  List<DroppableObject> missing() {
    return List.copyOf(missing);
  }

  /** Those that can be built at the same time. */
  List<DroppableObject> besideOthers() {
    return missing.stream().filter(DroppableObject::canBuildInParallel).toList();
  }

  void isThere(DroppableObject object) {
    missing.remove(object);
  }

  /** Null when nothing is missing. */
  @Nullable String restoreSql() {
    return sql(missing, List.of());
  }

  /** What {@link #restoreSql} will be when {@code object} is there. */
  @Nullable String restoreSqlWithout(DroppableObject object) {
    return sql(missing, List.of(object));
  }

  private @Nullable String sql(List<DroppableObject> objects, List<DroppableObject> without) {
    List<String> statements =
        objects.stream()
            .filter(object -> !recorded.contains(object) && !without.contains(object))
            .map(DroppableObject::createSql)
            .toList();
    return statements.isEmpty()
        ? null
        : SPLIT_COPY + OWN_TABLESPACE + ";\n" + String.join(";\n", statements);
  }
}
