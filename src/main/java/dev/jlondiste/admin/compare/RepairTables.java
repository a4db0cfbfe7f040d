package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.Hint;
import dev.jlondiste.replica.SkipMark;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the rows of this node that differ from those of their source, and makes them equal while
 * both sides go on changing. Only rows of this node are written; subscribers of a branch do not
 * receive them, so each node is repaired by itself.
 */
public final class RepairTables {
  private static final Logger log = LoggerFactory.getLogger(RepairTables.class);

  private final Cascade cascade;
  private final RepairOptions options;
  private final ComparisonSources sources;

  public RepairTables(Cascade cascade, RepairOptions options) {
    this.cascade = cascade;
    this.options = options;
    this.sources = new ComparisonSources(cascade);
  }

  /**
   * Repairs the tables that {@code words} name or match; without words, all tables. The verdict is
   * about what was found, also if it was mended.
   */
  public CompareVerdict repair(List<String> words) throws SQLException, InterruptedException {
    CompareVerdict verdict = new CompareVerdict();
    if (cascade.node().isRoot()) {
      log.info("Node {} is the root, nothing to compare with", cascade.node().name());
      return verdict;
    }
    new ComparableTables(cascade).forEach(words, verdict, this::result);
    return verdict;
  }

  private TableResult result(TableInfo here) throws SQLException, InterruptedException {
    TableSource source = sources.of(here);
    try {
      ComparisonBasis basis = sources.basis(here, source).warn();
      ComparedTable table =
          basis
              .byKey()
              .orElseThrow(
                  () -> new NotComparable("it has no primary key that its source has as well"));
      TableResult result = result(options.where().map(table::where).orElse(table), source);
      if (options.mode() == RepairOptions.Mode.APPLY) {
        endSkipMark(
            here.name(),
            options.where().isEmpty() && basis.comparesAll(),
            result.record().orElseThrow().tick());
      }
      return result;
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e;
      }
      throw new NotComparable(String.valueOf(e.getMessage()), e);
    }
  }

  private TableResult result(ComparedTable table, TableSource source)
      throws SQLException, InterruptedException {
    TableName name = table.local().name();
    log.info("Syncing {}", name);
    long tick =
        new WorkerPosition(cascade)
            .awaitLastTick(source, PointWait.of(cascade, options.search().force()));
    log.info("Checking {}", name);
    DifferenceReport report = new DifferenceReport(table, options.limit());
    DifferenceSearch search = new DifferenceSearch(cascade, source, table, options.search());
    DifferenceSearch.Compared rows = search(search, table, source, report);
    log.info(
        "finished {}: src: {} rows, dst: {} rows, missed: {} inserts, {} updates, {} deletes",
        name,
        rows.source().rows(),
        rows.local().rows(),
        report.count(DifferenceReport.Kind.MISSING),
        report.count(DifferenceReport.Kind.DIFFERENT),
        report.count(DifferenceReport.Kind.EXTRA));
    return TableResult.of(
        ComparisonRecord.of(table.name(), source.node().name(), tick, rows, report),
        Optional.of(report));
  }

  /**
   * Ends the mark of a table whose rows are those of its source now. All fixes are committed, so a
   * repair that is killed before this leaves the mark.
   *
   * @param isWhole false if some rows or values were not compared
   * @param tick events up to this tick had been applied or skipped when the search began
   */
  private void endSkipMark(TableName table, boolean isWhole, long tick) throws SQLException {
    String queue = cascade.queue();
    if (!isWhole) {
      if (cascade.local().call(db -> SkipMark.find(db, queue, table)).isPresent()) {
        log.warn(
            Hint.after(
                table + ": only a part was compared, so it stays marked for its skipped events",
                "repair all of it, or if that is not possible 'resync " + table + "'"));
      }
      return;
    }
    NodePosition position = new NodePosition(queue, cascade.node().worker());
    Optional<Boolean> ended =
        cascade
            .local()
            .call(
                db -> {
                  position.awaitBatch(db);
                  return SkipMark.find(db, queue, table).isPresent()
                      ? Optional.of(SkipMark.repaired(db, queue, table, tick))
                      : Optional.empty();
                });
    if (ended.isPresent() && ended.get()) {
      log.info("{}: repaired, its skipped events have no effect any longer", table);
    } else if (ended.isPresent()) {
      log.warn(
          Hint.after(
              table + ": events were skipped during the repair, so it stays marked",
              "remove the cause, 'dead-letters --retry " + table + "', then repair it again"));
    }
  }

  private DifferenceSearch.Compared search(
      DifferenceSearch search, ComparedTable table, TableSource source, DifferenceReport report)
      throws SQLException, InterruptedException {
    TableName name = table.local().name();
    ProgressLog progress = new ProgressLog(name);
    switch (options.mode()) {
      case REPORT -> {
        DifferenceSearch.Compared rows =
            search.search((differences, tick) -> report.add(differences), progress);
        report.nameRows();
        return rows;
      }
      case WRITE -> {
        try (FixFile file = new FixFile(options.directory(), table, report)) {
          DifferenceSearch.Compared rows = search.search(file, progress);
          file.finish();
          if (!report.isEmpty()) {
            log.info("{}: statements are in {}", name, file.file());
          }
          return rows;
        }
      }
      case APPLY -> {
        AppliedFixes fixes = new AppliedFixes(cascade, source, table, report);
        DifferenceSearch.Compared rows = search.search(fixes, progress);
        fixes.finish();
        if (!report.isEmpty()) {
          cascade.local().run(db -> ComparisonRecords.forget(db, cascade.queue(), table.name()));
        }
        return rows;
      }
    }
    throw new IllegalStateException(options.mode().toString());
  }
}
