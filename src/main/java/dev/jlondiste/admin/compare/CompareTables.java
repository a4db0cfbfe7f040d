package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.NodeInventory;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.TableInfo;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
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
  private final ComparisonSources sources;

  public CompareTables(Cascade cascade, CompareOptions options) {
    this.cascade = cascade;
    this.options = options;
    this.sources = new ComparisonSources(cascade);
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
      new ComparableTables(cascade).forEach(words, verdict, this::result);
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

  private TableResult result(TableInfo here) throws SQLException, InterruptedException {
    TableSource source = sources.of(here);
    try {
      Optional<ComparedTable> byKey =
          options.countOnly() || cascade.settings().compareSql().isPresent()
              ? Optional.empty()
              : sources.basis(here, source).warn().byKey();
      TableResult result =
          byKey.isPresent()
              ? byKey(options.where().map(byKey.get()::where).orElse(byKey.get()), source)
              : atOnePoint(here, source);
      if (options.where().isEmpty()) {
        result.record().ifPresent(this::store);
      }
      return result;
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e; // the other tables would fail as well
      }
      throw new NotComparable(String.valueOf(e.getMessage()), e);
    }
  }

  private TableResult byKey(ComparedTable table, TableSource source)
      throws SQLException, InterruptedException {
    TableName name = table.local().name();
    log.info("Syncing {}", name);
    long tick = new WorkerPosition(cascade).awaitLastTick(source, limit());
    log.info("Counting {}", name);
    DifferenceReport report = new DifferenceReport(table, options.limit());
    DifferenceSearch.Compared rows =
        new DifferenceSearch(cascade, source, table, options.search())
            .search((differences, at) -> report.add(differences), new ProgressLog(name));
    log.info("srcdb: {}", rows.source());
    log.info("dstdb: {}", rows.local());
    report.log();
    return TableResult.of(
        ComparisonRecord.of(table.name(), source.node().name(), tick, rows, report),
        Optional.of(report));
  }

  private TableResult atOnePoint(TableInfo here, TableSource source)
      throws SQLException, InterruptedException {
    TableInfo there = source.local(here.name()).orElseThrow();
    try (ConsistentPoint point =
        ConsistentPoint.of(cascade, source, there.destination(), here.destination(), limit())) {
      Results results = results(here, source, point);
      return TableResult.of(
          new ComparisonRecord(
              here.name(),
              source.node().name(),
              point.tick(),
              results.areEqual(),
              options.countOnly(),
              results.source(),
              results.local(),
              Duration.ZERO),
          Optional.empty());
    }
  }

  private PointWait limit() {
    return PointWait.of(cascade, options.search().force());
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
        ComparisonBasis.read(cascade, node, point.source(), point.local(), here).warn();
    if (basis.isPart()) {
      throw new NotComparable("rows of several sources, which are only compared by a primary key");
    }
    RowDigest digest =
        new RowDigest(basis.columns(), basis.sameEncoding(), basis.condition(options.where()));
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
    return Sql.plain(db, sql, row -> format.fill(values(row))).get(0);
  }

  private static Map<String, @Nullable String> values(ResultSet row) throws SQLException {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      values.put(row.getMetaData().getColumnLabel(i), row.getString(i));
    }
    return values;
  }
}
