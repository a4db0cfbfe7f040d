package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.NodeInventory;
import dev.jlondiste.admin.tables.ObjectChoice;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.admin.tables.TableSources;
import dev.jlondiste.admin.waiting.NodeObstacles;
import dev.jlondiste.cascade.NodeInfo;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.UnsupportedHandler;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    try {
      Optional<ComparedTable> byKey = byKey(here, source);
      return byKey.isPresent()
          ? isEqualByKey(byKey.get(), source)
          : isEqualAtOnePoint(here, source);
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e; // the other tables would fail as well
      }
      throw new NotComparable(String.valueOf(e.getMessage()), e);
    }
  }

  /** Empty if the table has to be compared as a whole, at a point that both sides have. */
  private Optional<ComparedTable> byKey(TableInfo here, TableSource source) throws SQLException {
    if (options.countOnly() || cascade.settings().compareSql().isPresent()) {
      return Optional.empty();
    }
    try (Connection there = source.database().open();
        Connection local = cascade.local().open()) {
      return ComparisonBasis.read(cascade, source, there, local, here).byKey();
    }
  }

  private boolean isEqualByKey(ComparedTable table, TableSource source)
      throws SQLException, InterruptedException {
    TableName name = table.local().name();
    PointWait limit =
        PointWait.of(
            cascade.settings().lockTimeout(),
            options.force(),
            new NodeObstacles(cascade)::aboveHere);
    log.info("Syncing {}", name);
    long tick = new WorkerPosition(cascade).awaitLastTick(source, limit);
    log.info("Counting {}", name);
    DifferenceSearch search = new DifferenceSearch(cascade, source, table, limit);
    DifferenceSearch.Digests digests = search.digests();
    log.info("srcdb: {}", digests.source());
    log.info("dstdb: {}", digests.local());
    DifferenceReport report = new DifferenceReport(table);
    search.differences(digests, report::add);
    report.log();
    store(
        new ComparisonRecord(
            table.name(),
            source.node().name(),
            tick,
            report.isEmpty(),
            false,
            digests.source().toString(),
            digests.local().toString(),
            Duration.ZERO));
    return report.isEmpty();
  }

  private boolean isEqualAtOnePoint(TableInfo here, TableSource source)
      throws SQLException, InterruptedException {
    TableInfo there = source.local(here.name()).orElseThrow();
    try (ConsistentPoint point =
        ConsistentPoint.of(cascade, source, there, here, options.force())) {
      Results results = results(here, source, point);
      store(
          new ComparisonRecord(
              here.name(),
              source.node().name(),
              point.tick(),
              results.areEqual(),
              options.countOnly(),
              results.source(),
              results.local(),
              Duration.ZERO));
      return results.areEqual();
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
  private void store(ComparisonRecord result) {
    try {
      cascade.local().run(db -> ComparisonRecords.store(db, cascade.queue(), result));
    } catch (SQLException e) {
      log.warn(
          "{}: result not stored, 'check --cut-over' will not know it: {}",
          result.table(),
          e.getMessage());
    }
  }

  private Results results(TableInfo here, TableSource node, ConsistentPoint point)
      throws SQLException {
    TableName name = here.destination();
    log.info("Counting {}", name);
    ComparisonBasis basis =
        ComparisonBasis.read(cascade, node, point.source(), point.local(), here);
    RowDigest digest = new RowDigest(basis.columns(), basis.sameEncoding(), basis.condition());
    String template =
        options.countOnly()
            ? digest.query(true)
            : cascade
                .settings()
                .compareSql()
                .map(digest::limited)
                .orElseGet(() -> digest.query(false));
    String src = queryText(point.source(), digest.fillSource(template, basis.source()));
    log.info("srcdb: {}", src);
    String dst = queryText(point.local(), digest.fillLocal(template, basis.local()));
    log.info("dstdb: {}", dst);
    if (!src.equals(dst)) {
      log.warn("{}: Results do not match!", name);
    }
    return new Results(src, dst);
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
