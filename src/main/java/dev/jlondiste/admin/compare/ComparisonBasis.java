package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.compare.ComparedColumns.Compared;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.RowSecurity;
import dev.jlondiste.replica.StoredHandler;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.apply.ComputedColumns;
import dev.jlondiste.replica.handler.RowMapping;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.structure.StructureReader;
import dev.jlondiste.structure.TableStructure;
import dev.jlondiste.structure.TableStructure.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both tables of a comparison, and what of them is compared.
 *
 * @param changed local columns that are not compared, because the handler changes their values
 * @param comparesAll true if all rows and values that events can change here are compared
 * @param condition selects the rows that are compared on both sides
 * @param sameCollation true if both databases have a default collation of the same name
 * @param sameHashes true if both servers hash texts in the same way
 * @param isPart true if the local table has rows of other sources as well
 */
record ComparisonBasis(
    TableInfo table,
    TableStructure source,
    TableStructure local,
    ComparedColumns columns,
    Set<String> changed,
    boolean comparesAll,
    Optional<String> condition,
    boolean sameEncoding,
    boolean sameCollation,
    boolean sameHashes,
    boolean isPart) {
  /** Types of keys whose order is the same everywhere. */
  private static final Set<String> ORDERED =
      Set.of(
          "smallint",
          "integer",
          "bigint",
          "numeric",
          "oid",
          "date",
          "timestamp without time zone",
          "timestamp with time zone",
          "uuid",
          "bytea");

  /** The first version whose servers have hashes of 64 bits. */
  private static final int HASHES_SINCE = 11;

  /** Types of keys whose order depends on the collation. */
  private static final Set<String> COLLATED = Set.of("text", "character varying");

  private static final Logger log = LoggerFactory.getLogger(ComparisonBasis.class);

  /**
   * Reads both tables, and warns of expressions that the source cannot compute.
   *
   * @param there a transaction on the node that rows come from, whose search path this changes
   * @param here the same on this node
   */
  static ComparisonBasis read(
      Cascade cascade, TableSource node, Connection there, Connection here, TableInfo table)
      throws SQLException {
    TableName original = node.local(table.name()).orElseThrow().destination();
    RowSecurity.requireAllRows(there, original, node.place());
    RowSecurity.requireAllRows(here, table.destination(), "node " + cascade.node().name());
    if (cascade.settings().compareSql().isEmpty()) { // compare_sql may call unqualified functions
      QualifiedNames.begin(there);
      QualifiedNames.begin(here);
    }
    TableStructure source = structure(there, original, "on its provider");
    TableStructure local = structure(here, table.destination(), "here");
    TableHandler handler =
        StoredHandler.of(table, cascade.queue(), cascade.settings().handlerSettings());
    RowMapping whole = handler.mapping(here, source.columns().stream().map(Column::name).toList());
    RowMapping mapping = comparable(table.destination(), whole, there, original);
    ComparedColumns columns = ComparedColumns.of(source, local, mapping);
    Optional<String> condition = handler.copyCondition(here);
    boolean isPart = MergedTable.of(here, cascade.queue(), table.destination()).parts().size() > 1;
    return new ComparisonBasis(
        table,
        source,
        local,
        columns,
        Set.copyOf(whole.changed()),
        condition.isEmpty() && !isPart && columns.haveAll(whole),
        condition,
        encoding(there).equals(encoding(here)),
        collation(there).equals(collation(here)),
        hash(there).isPresent() && hash(there).equals(hash(here)),
        isPart);
  }

  /** Says which columns and rows are not compared. */
  ComparisonBasis warn() {
    if (!changed.isEmpty()) {
      log.warn(
          "{}: not compared, because the handler changes their values: {}",
          table.destination(),
          String.join(", ", new TreeSet<>(changed)));
    } else if (columns.ignoresOthers()) {
      log.warn("{}: Ignoring some columns", table.destination());
    }
    if (isPart) {
      log.info(
          "{}: rows that only this node has are not looked for, they may come from other sources",
          table.destination());
    }
    return this;
  }

  /** Without the expressions that the source cannot evaluate: their columns count as changed. */
  private static RowMapping comparable(
      TableName table, RowMapping mapping, Connection source, TableName original)
      throws SQLException {
    Map<String, String> expressions = new LinkedHashMap<>(mapping.computed().expressions());
    for (Map.Entry<String, String> column : mapping.computed().expressions().entrySet()) {
      Savepoint before = source.setSavepoint();
      try {
        Sql.plain(
            source,
            "select (select %s from %s) from only %s limit 0"
                .formatted(
                    column.getValue(),
                    mapping.computed().inputsSql(Quoting::identifier),
                    original.quoted()),
            row -> true);
      } catch (SQLException e) {
        if (SqlFaults.isTransient(e)) {
          throw e;
        }
        source.rollback(before);
        log.warn(
            "{}: column {} is not compared, the source cannot compute it: {}",
            table,
            column.getKey(),
            e.getMessage());
        expressions.remove(column.getKey());
      }
    }
    Set<String> changed = new HashSet<>(mapping.computed().expressions().keySet());
    changed.removeAll(expressions.keySet());
    changed.addAll(mapping.changed());
    return new RowMapping(
        mapping.written(),
        mapping.constants(),
        new ComputedColumns(mapping.computed().inputs(), expressions),
        changed);
  }

  private static TableStructure structure(Connection db, TableName name, String where)
      throws SQLException {
    return StructureReader.read(db, name)
        .orElseThrow(() -> new NotComparable("does not exist " + where));
  }

  private static String encoding(Connection db) throws SQLException {
    return Sql.one(db, "select getdatabaseencoding()::text", row -> row.getString(1));
  }

  /** The hash of some text; empty if the server does not have this function. */
  private static OptionalLong hash(Connection db) throws SQLException {
    return db.getMetaData().getDatabaseMajorVersion() < HASHES_SINCE
        ? OptionalLong.empty()
        : OptionalLong.of(
            Sql.one(
                db,
                "select pg_catalog.hashtextextended('some text of a row', 0)",
                row -> row.getLong(1)));
  }

  private static String collation(Connection db) throws SQLException {
    return Sql.one(
        db,
        "select datcollate::text from pg_database where datname = current_database()",
        row -> row.getString(1));
  }

  /** The table for a comparison row by row; empty if rows have no key that both sides know. */
  Optional<ComparedTable> byKey() {
    return columns
        .key(local.primaryKey())
        .filter(key -> key.stream().anyMatch(column -> column.from().isPresent()))
        .map(
            key ->
                new ComparedTable(
                    table.name(),
                    source,
                    local,
                    columns,
                    key,
                    (int) key.stream().takeWhile(this::isOrdered).count(),
                    condition,
                    Optional.empty(),
                    KeyRange.ALL,
                    sameEncoding,
                    sameEncoding && sameHashes,
                    isPart));
  }

  /** The condition of the rows that are compared if they are also to fulfil another. */
  Optional<String> condition(Optional<String> other) {
    return condition.isPresent() && other.isPresent()
        ? Optional.of("(" + condition.get() + ") and (" + other.get() + ")")
        : condition.or(() -> other);
  }

  /** True if no value is null, and both sides have them in the same order. */
  private boolean isOrdered(Compared column) {
    Optional<Column> there = column.from().flatMap(source::column).filter(Column::notNull);
    return there.isPresent()
        && (ORDERED.contains(column.type())
            || (COLLATED.contains(column.type())
                && sameCollation
                && there.get().collation() == null
                && local.column(column.name()).orElseThrow().collation() == null));
  }
}
