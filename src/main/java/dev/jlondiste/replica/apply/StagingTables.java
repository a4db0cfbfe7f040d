package dev.jlondiste.replica.apply;

import dev.jlondiste.db.CopyText;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.row.RowShape;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes many rows of one table at once: they are copied into a temporary table, from which one
 * statement updates or deletes; new rows are copied straight into the table. Belongs to one
 * transaction.
 */
final class StagingTables {
  /** A session keeps its temporary tables, up to this many. */
  private static final int MAX_STAGES = 100;

  private static final int IDENTITY_COLUMNS = 10;

  /** From one row in this many on, reading the whole table may be cheaper than index lookups. */
  private static final int LARGE_PART = 4;

  private static final String STAGES =
      """
      select c.relname
        from pg_catalog.pg_class c
       where c.relnamespace = pg_catalog.pg_my_temp_schema()
         and c.relname like 'jlondiste\\_stage\\_%'
      """;

  /** An estimate; 0 if there are no statistics, or no index that finds rows by their key. */
  private static final String ROWS =
      """
      select case when c.relpages > 0
                   and exists (select 1
                                 from pg_catalog.pg_index i
                                 join pg_catalog.pg_attribute a
                                   on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                                where i.indrelid = c.oid
                                  and i.indisvalid
                                  and i.indpred is null
                                  and a.attname = any (?::text[]))
                  then c.reltuples / c.relpages
                       * (pg_catalog.pg_relation_size(c.oid)
                          / pg_catalog.current_setting('block_size')::bigint)
                  else 0 end
        from pg_catalog.pg_class c
       where c.oid = ?::bigint::oid
      """;

  private final Connection local;
  private final Set<TableName> analyzed;
  private final Set<String> used = new HashSet<>();
  private @Nullable Set<String> present;

  /** {@code analyzed}: tables whose temporary tables are analyzed. */
  StagingTables(Connection local, Set<TableName> analyzed) {
    this.local = local;
    this.analyzed = analyzed;
  }

  /** Returns how many of the rows were found. */
  long delete(TargetTable table, RowShape shape, Rows rows) throws SQLException {
    int[] keys = shape.keyPositions();
    String stage = fill(table, shape, keys, rows);
    return run(
        table,
        shape,
        rows.size(),
        "delete from " + table.rows() + " as t using " + stage + " as s where " + sameKey(shape));
  }

  /** Returns how many of the rows were found. */
  long update(TargetTable table, RowShape shape, Rows rows) throws SQLException {
    int[] staged = staged(table, shape);
    List<String> written = written(table, shape, Arrays.stream(staged));
    List<String> others = written(table, shape, Arrays.stream(shape.otherPositions()));
    String stage = fill(table, shape, staged, inKeyOrder(table, shape, rows));
    String assignments =
        Stream.concat(
                (others.isEmpty() ? shape.keys() : others).stream(),
                table.computed().expressions().keySet().stream())
            .map(Quoting::identifier)
            .map(column -> column + "=s." + column)
            .collect(Collectors.joining(","));
    return run(
        table,
        shape,
        rows.size(),
        "update "
            + table.rows()
            + " as t set "
            + assignments
            + " from "
            + source(table, stage, written)
            + " as s where "
            + sameKey(shape));
  }

  void insert(TargetTable table, RowShape shape, Rows rows) throws SQLException {
    int[] staged = staged(table, shape);
    if (table.computed().isEmpty()) {
      copy(table.name().quoted(), shape, staged, rows);
      return;
    }
    String stage = fill(table, shape, staged, rows);
    List<String> written = written(table, shape, Arrays.stream(staged));
    boolean hasIdentity = local.getMetaData().getDatabaseMajorVersion() >= IDENTITY_COLUMNS;
    Sql.run(local, table.computed().insertSql(table.name(), stage, written, hasIdentity));
  }

  private static String source(TargetTable table, String stage, List<String> written) {
    return table.computed().isEmpty() ? stage : table.computed().rowsSql(stage, written);
  }

  /** The positions of the columns of the temporary table. */
  private static int[] staged(TargetTable table, RowShape shape) {
    Set<String> unwritten = table.computed().unwritten().keySet();
    return IntStream.range(0, shape.columns().size())
        .filter(
            i ->
                table.isWritten(shape.columns().get(i))
                    || unwritten.contains(shape.columns().get(i)))
        .toArray();
  }

  private static List<String> written(TargetTable table, RowShape shape, IntStream positions) {
    return positions
        .mapToObj(i -> shape.columns().get(i))
        .filter(table::isWritten)
        .collect(Collectors.toList());
  }

  /** Rows that are neighbours in the index are often neighbours in the table. */
  private static Rows inKeyOrder(TargetTable table, RowShape shape, Rows rows) {
    return table.keyTypes().get(shape.keys().get(0)) == TargetTable.KeyType.INTEGER
        ? rows.inOrderOf(shape.keyPositions()[0])
        : rows;
  }

  private static String sameKey(RowShape shape) {
    return shape.keys().stream()
        .map(Quoting::identifier)
        .map(key -> "t." + key + "=s." + key)
        .collect(Collectors.joining(" and "));
  }

  private String fill(TargetTable table, RowShape shape, int[] positions, Rows rows)
      throws SQLException {
    String stage = stage(table, shape);
    copy(stage, shape, positions, rows);
    if (analyzed.contains(table.name())) {
      Sql.run(local, "analyze " + stage);
    }
    return stage;
  }

  private void copy(String into, RowShape shape, int[] positions, Rows rows) throws SQLException {
    String columns =
        Arrays.stream(positions)
            .mapToObj(i -> Quoting.identifier(shape.columns().get(i)))
            .collect(Collectors.joining(","));
    try (CopyText copy = new CopyText(local, "copy " + into + " (" + columns + ") from stdin")) {
      rows.copyTo(copy.rows(), positions);
      copy.end();
    }
  }

  /** The empty temporary table for rows of this shape. */
  private String stage(TargetTable table, RowShape shape) throws SQLException {
    Map<String, String> unwritten = table.computed().unwritten();
    String columns =
        Arrays.stream(staged(table, shape))
            .mapToObj(i -> shape.columns().get(i))
            .map(
                column ->
                    (unwritten.containsKey(column) ? "null::" + unwritten.get(column) + " as " : "")
                        + Quoting.identifier(column))
            .collect(Collectors.joining(","));
    String name =
        "jlondiste_stage_"
            + table.oid()
            + "_"
            + Integer.toHexString(31 * table.structure() + columns.hashCode());
    String stage = "pg_temp." + Quoting.identifier(name);
    Set<String> there = present();
    if (!there.contains(name)) {
      if (there.size() >= MAX_STAGES) {
        dropUnused(there);
      }
      Sql.run(
          local,
          "create temp table "
              + Quoting.identifier(name)
              + " on commit delete rows as select "
              + columns
              + " from only "
              + table.name().quoted()
              + " with no data");
      there.add(name);
    } else if (used.contains(name)) {
      Sql.run(local, "truncate " + stage);
    }
    used.add(name);
    return stage;
  }

  /**
   * Must be called after a rollback to a savepoint, which has removed the tables created since.
   * Rows written to other tables before the savepoint remain.
   */
  void forget() {
    present = null;
  }

  private Set<String> present() throws SQLException {
    Set<String> known = present;
    if (known == null) {
      known = new HashSet<>(Sql.list(local, STAGES, row -> row.getString(1)));
      present = known;
    }
    return known;
  }

  private void dropUnused(Set<String> there) throws SQLException {
    for (String name : List.copyOf(there)) {
      if (!used.contains(name)) {
        Sql.run(local, "drop table pg_temp." + Quoting.identifier(name));
        there.remove(name);
      }
    }
  }

  /**
   * Runs the statement with a suitable join method, unless the planner has statistics of the
   * temporary table.
   */
  private long run(TargetTable table, RowShape shape, int rows, String sql) throws SQLException {
    if (analyzed.contains(table.name())) {
      return Sql.run(local, sql);
    }
    double all = Sql.one(local, ROWS, row -> row.getDouble(1), shape.keys(), table.oid());
    try (Statement statement = local.createStatement()) {
      String joins = rows < all / LARGE_PART ? "off" : "default";
      statement.addBatch("set local enable_hashjoin = " + joins);
      statement.addBatch("set local enable_mergejoin = " + joins);
      statement.addBatch(sql);
      statement.addBatch("set local enable_hashjoin = default");
      statement.addBatch("set local enable_mergejoin = default");
      int[] counts = statement.executeBatch();
      return counts[counts.length - 3];
    } catch (BatchUpdateException e) {
      SQLException cause = e.getNextException();
      throw cause == null ? e : cause;
    }
  }
}
