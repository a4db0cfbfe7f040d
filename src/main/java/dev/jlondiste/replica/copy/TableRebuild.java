package dev.jlondiste.replica.copy;

import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.db.TableRows;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.MergedTable;
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
 * Drops indexes, keys and some triggers before the rows are copied and rebuilds them afterwards,
 * which costs less than maintaining them. A copy of one transaction does both in it, so no crash
 * can leave a table without its keys; for other copies see {@link SplitCopy}. Used by one thread at
 * a time.
 */
final class TableRebuild {
  private static final Logger log = LoggerFactory.getLogger(TableRebuild.class);

  /** Rebuilds indexes in their own tablespace, not in the default of the role or database. */
  private static final String OWN_TABLESPACE = "set local default_tablespace = ''";

  private final TableName table;

  /** The objects in the order in which they are dropped. */
  private final List<DroppableObject> obstacles;

  /** The objects still to be created, in that order, without those recorded as not restorable. */
  private final List<DroppableObject> missing;

  /** The part of them that an earlier copy could not create; it is recorded already. */
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

  /**
   * Finds the objects to drop; no indexes if the table keeps its rows, because indexing those again
   * may cost more than it saves.
   *
   * @param triggers dropped first and created last, because they are created with the key
   */
  static TableRebuild of(
      Connection here, TableName table, List<DroppableObject> triggers, boolean keepsRows)
      throws SQLException {
    if (keepsRows && hasRows(here, table)) {
      return new TableRebuild(table, triggers, List.of());
    }
    List<DroppableObject> recorded =
        Unrestored.indexes(here, table).entrySet().stream()
            .map(index -> new DroppableObject(index.getKey(), "", index.getValue(), false))
            .toList();
    List<DroppableObject> all = new ArrayList<>(triggers);
    all.addAll(CopyObstacles.of(here, table));
    return new TableRebuild(table, all, recorded);
  }

  private static boolean hasRows(Connection here, TableName table) throws SQLException {
    return Sql.first(here, "select 1 from " + TableRows.of(here, table) + " limit 1", row -> 1)
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

  /** Creates an object, or records that it cannot be created; the copy succeeds in both cases. */
  void create(Connection here, DroppableObject object) throws SQLException {
    log.info("Creating {}", object.name());
    Ddl.run(here, OWN_TABLESPACE);
    Unrestored.create(here, table, object.name(), object.createSql());
  }

  /**
   * Collects statistics. The copy succeeds even if a function of an expression index fails, for
   * example because of its search_path.
   */
  void analyze(Connection here) throws SQLException {
    analyze(here, table);
  }

  /** As {@link #analyze(Connection)}, for any table. */
  static void analyze(Connection here, TableName table) throws SQLException {
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

  /** Returns the objects that can be built at the same time as others. */
  List<DroppableObject> buildableInParallel() {
    return missing.stream().filter(DroppableObject::canBuildInParallel).toList();
  }

  void wasCreated(DroppableObject object) {
    missing.remove(object);
  }

  /** Returns the statements that create the missing objects; null if nothing is missing. */
  @Nullable String restoreSql() {
    return sql(missing, List.of());
  }

  /**
   * As {@link #restoreSql}, for a table whose copies share it: it stays filled. Not null even if
   * nothing is missing, because the other copies wait for it.
   */
  String sharedRestoreSql() {
    List<String> statements = new ArrayList<>(List.of(OWN_TABLESPACE));
    missing.stream()
        .filter(object -> !recorded.contains(object))
        .forEach(object -> statements.add(object.createSql()));
    return String.join(";\n", statements);
  }

  /** Returns the value of {@link #restoreSql} after {@code object} is created. */
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
        : MergedTable.UNFINISHED + OWN_TABLESPACE + ";\n" + String.join(";\n", statements);
  }
}
