package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.NodeInventory;
import dev.jlondiste.admin.tables.ObjectChoice;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.admin.tables.TableSources;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.QualifiedNames;
import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.RowSecurity;
import dev.jlondiste.replica.StoredHandler;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import dev.jlondiste.replica.apply.ComputedColumns;
import dev.jlondiste.replica.handler.RowMapping;
import dev.jlondiste.replica.handler.TableHandler;
import dev.jlondiste.structure.StructureReader;
import dev.jlondiste.structure.TableStructure;
import dev.jlondiste.structure.TableStructure.Column;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Compares tables of this node with those of the first node towards the root that has their rows.
 */
public final class CompareTables {
  private static final Logger log = LoggerFactory.getLogger(CompareTables.class);

  private final Cascade cascade;
  private final CompareOptions options;
  private final TableSources sources;

  public CompareTables(Cascade cascade, CompareOptions options) {
    this.cascade = cascade;
    this.options = options;
    this.sources = new TableSources(cascade);
  }

  /**
   * Compares the tables that {@code words} name or match; without words, all tables in the order of
   * their registration. A table that cannot be compared is skipped.
   */
  public CompareVerdict compare(List<String> words) throws SQLException, InterruptedException {
    CompareVerdict verdict = new CompareVerdict();
    if (cascade.node().isRoot()) {
      log.info("Node {} is the root, nothing to compare with", cascade.node().name());
      return verdict;
    }
    boolean isFinished = false;
    try {
      for (TableInfo table : chosen(words, verdict)) {
        compare(table, verdict);
      }
      isFinished = true;
    } finally {
      if (!isFinished) {
        log.warn("Not finished: {}", verdict);
      }
    }
    log.atLevel(verdict.namesTables() ? Level.WARN : Level.INFO).log(verdict.toString());
    if (words.isEmpty()) {
      new NodeInventory(cascade).warnOfGaps(cascade.node().name());
    }
    return verdict;
  }

  /** The queues that feed the table on this node. */
  private List<String> queues(TableInfo table) throws SQLException {
    return cascade
        .local()
        .call(db -> MergedTable.of(db, cascade.queue(), table.destination()))
        .parts()
        .stream()
        .map(MergedTable.Part::queue)
        .toList();
  }

  private void compare(TableInfo table, CompareVerdict verdict)
      throws SQLException, InterruptedException {
    Optional<UnsupportedHandler> refusal = UnsupportedHandler.of(table);
    if (refusal.isPresent()) {
      log.warn("{}: {}\nHINT:  {}", table.name(), refusal.get().problem(), refusal.get().hint());
      verdict.skipped(table.name(), refusal.get().problem());
      return;
    }
    if (table.isVirtual()) {
      log.warn("{}: not compared: handler '{}' keeps no rows", table.name(), table.handler());
      verdict.skipped(table.name(), "no rows here");
      return;
    }
    if (table.hasPartitions()) {
      log.warn(
          "{}: not compared: handler '{}' writes its rows to partitions",
          table.name(),
          table.handler());
      verdict.skipped(table.name(), "rows in partitions");
      return;
    }
    if (!table.state().isOk()) {
      log.warn("Table {} not synced yet, no point", table.name());
      verdict.skipped(table.name(), "copy not finished");
      return;
    }
    List<String> queues = queues(table);
    if (queues.size() > 1) {
      log.warn(
          "{}: not compared: it has the rows of several sources, from queues {}",
          table.name(),
          String.join(", ", queues));
      verdict.skipped(table.name(), "rows of several sources");
      return;
    }
    try {
      if (isEqual(table)) {
        verdict.equal();
      } else {
        verdict.different(table.name());
      }
    } catch (NotComparable e) {
      log.warn("{}: not compared: {}", table.name(), e.reason());
      verdict.skipped(table.name(), e.reason());
    }
  }

  private List<TableInfo> chosen(List<String> words, CompareVerdict verdict) throws SQLException {
    Map<TableName, TableInfo> local = new LinkedHashMap<>();
    cascade.local().call(db -> LondisteFunctions.getTables(db, cascade.queue())).stream()
        .filter(TableInfo::local)
        .forEach(table -> local.put(table.name(), table));
    if (words.isEmpty()) {
      return List.copyOf(local.values());
    }
    List<TableInfo> tables = new ArrayList<>();
    for (TableName name : ObjectChoice.expand(words, local.keySet())) {
      TableInfo table = local.get(name);
      if (table == null) {
        log.warn("Table not subscribed: {}", name);
        verdict.missing();
      } else {
        tables.add(table);
      }
    }
    return tables;
  }

  private boolean isEqual(TableInfo here) throws SQLException, InterruptedException {
    TableSource source = source(here.name());
    NodeInfo node = source.node();
    log.info("{}: Using node {} as provider", here.name(), node.name());
    log.info("Provider: {} ({})", node.name(), node.type().name().toLowerCase(Locale.ROOT));
    TableInfo there = source.local(here.name()).orElseThrow();
    try (ConsistentPoint point =
        ConsistentPoint.of(cascade, source, there, here, options.force())) {
      Results results = results(here, there, point, source.place());
      store(here.name(), node.name(), point.tick(), results);
      return results.areEqual();
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e; // the other tables would fail as well
      }
      throw new NotComparable(String.valueOf(e.getMessage()), e);
    }
  }

  private TableSource source(TableName table) throws SQLException {
    try {
      return sources.search(table);
    } catch (UserError e) {
      throw new NotComparable(e.problem(), e);
    }
  }

  /** The texts that both sides returned. */
  private record Results(String source, String local) {
    boolean areEqual() {
      return source.equals(local);
    }
  }

  /** Stores the result for later commands. A role that may only read can compare as well. */
  private void store(TableName table, String source, long tick, Results results) {
    ComparisonRecord result =
        new ComparisonRecord(
            table,
            source,
            tick,
            results.areEqual(),
            options.countOnly(),
            results.source(),
            results.local(),
            Duration.ZERO);
    try {
      cascade.local().run(db -> ComparisonRecords.store(db, cascade.queue(), result));
    } catch (SQLException e) {
      log.warn(
          "{}: result not stored, 'check --cut-over' will not know it: {}", table, e.getMessage());
    }
  }

  private Results results(TableInfo here, TableInfo there, ConsistentPoint point, String place)
      throws SQLException {
    TableName name = here.destination();
    prepare(point.source(), there.destination(), place);
    prepare(point.local(), name, "node " + cascade.node().name());
    log.info("Counting {}", name);
    TableStructure source = structure(point.source(), there.destination(), "on its provider");
    TableStructure local = structure(point.local(), name, "here");
    TableHandler handler =
        StoredHandler.of(here, cascade.queue(), cascade.settings().handlerSettings());
    RowMapping mapping =
        comparable(
            name,
            handler.mapping(point.local(), source.columns().stream().map(Column::name).toList()),
            point.source(),
            there.destination());
    RowDigest digest =
        new RowDigest(
            source,
            local,
            mapping,
            encoding(point.source()).equals(encoding(point.local())),
            handler.copyCondition(point.local()));
    if (!mapping.changed().isEmpty()) {
      log.warn(
          "{}: not compared, because the handler changes their values: {}",
          name,
          String.join(", ", new TreeSet<>(mapping.changed())));
    } else if (digest.ignoresColumns()) {
      log.warn("{}: Ignoring some columns", name);
    }
    String template =
        options.countOnly()
            ? digest.query(true)
            : cascade
                .settings()
                .compareSql()
                .map(digest::limited)
                .orElseGet(() -> digest.query(false));
    String src = queryText(point.source(), digest.fillSource(template, source));
    log.info("srcdb: {}", src);
    String dst = queryText(point.local(), digest.fillLocal(template, local));
    log.info("dstdb: {}", dst);
    if (!src.equals(dst)) {
      log.warn("{}: Results do not match!", name);
    }
    return new Results(src, dst);
  }

  /** Without the expressions that the source cannot evaluate. */
  private static RowMapping comparable(
      TableName table, RowMapping mapping, Connection source, TableName original)
      throws SQLException {
    Map<String, String> expressions = new LinkedHashMap<>(mapping.computed().expressions());
    for (Map.Entry<String, String> column : mapping.computed().expressions().entrySet()) {
      Savepoint before = source.setSavepoint();
      try {
        Sql.list(
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
    return new RowMapping(
        mapping.written(),
        mapping.constants(),
        new ComputedColumns(mapping.computed().inputs(), expressions),
        mapping.changed());
  }

  private void prepare(Connection db, TableName table, String place) throws SQLException {
    RowSecurity.requireAllRows(db, table, place);
    if (cascade.settings().compareSql().isEmpty()) { // compare_sql may call unqualified functions
      QualifiedNames.begin(db);
    }
  }

  private static TableStructure structure(Connection db, TableName name, String where)
      throws SQLException {
    return StructureReader.read(db, name)
        .orElseThrow(() -> new NotComparable("does not exist " + where));
  }

  private static String encoding(Connection db) throws SQLException {
    return Sql.one(db, "select getdatabaseencoding()::text", row -> row.getString(1));
  }

  private String queryText(Connection db, String sql) throws SQLException {
    ResultFormat format =
        options.countOnly()
            ? ResultFormat.COUNT
            : cascade.settings().compareFmt().map(ResultFormat::new).orElse(ResultFormat.DEFAULT);
    return Sql.one(db, sql, row -> format.fill(values(row)));
  }

  private static Map<String, @Nullable String> values(ResultSet row) throws SQLException {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      values.put(row.getMetaData().getColumnLabel(i), row.getString(i));
    }
    return values;
  }
}
