package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.tables.TableSource;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.util.List;
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
   * about what was found, also if it was applied.
   */
  public CompareVerdict repair(List<String> words) throws SQLException, InterruptedException {
    CompareVerdict verdict = new CompareVerdict();
    if (cascade.node().isRoot()) {
      log.info("Node {} is the root, nothing to compare with", cascade.node().name());
      return verdict;
    }
    new ComparableTables(cascade).forEach(words, verdict, this::isEqual);
    return verdict;
  }

  private boolean isEqual(TableInfo here) throws SQLException, InterruptedException {
    TableSource source = sources.of(here);
    try {
      ComparedTable table =
          sources
              .basis(here, source)
              .byKey()
              .orElseThrow(
                  () -> new NotComparable("it has no primary key that its source has as well"));
      return isEqual(options.where().map(table::where).orElse(table), source);
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e;
      }
      throw new NotComparable(String.valueOf(e.getMessage()), e);
    }
  }

  private boolean isEqual(ComparedTable table, TableSource source)
      throws SQLException, InterruptedException {
    TableName name = table.local().name();
    log.info("Syncing {}", name);
    new WorkerPosition(cascade).awaitLastTick(source, limit());
    log.info("Checking {}", name);
    DifferenceSearch search = new DifferenceSearch(cascade, source, table, this::limit);
    DifferenceSearch.Digests digests = search.digests();
    DifferenceReport report = new DifferenceReport(table);
    switch (options.mode()) {
      case REPORT -> {
        search.differences(digests, (differences, tick) -> report.add(differences));
        report.nameRows();
      }
      case WRITE -> {
        try (FixFile file = new FixFile(options.directory(), table, report)) {
          search.differences(digests, file);
          file.finish();
          if (!report.isEmpty()) {
            log.info("{}: statements are in {}", name, file.file());
          }
        }
      }
      case APPLY -> search.differences(digests, new AppliedFixes(cascade, source, table, report));
    }
    log.info(
        "finished {}: src: {} rows, dst: {} rows, missed: {} inserts, {} updates, {} deletes",
        name,
        digests.source().rows(),
        digests.local().rows(),
        report.count(Difference.Kind.INSERT),
        report.count(Difference.Kind.UPDATE),
        report.count(Difference.Kind.DELETE));
    return report.isEmpty();
  }

  private PointWait limit() {
    return PointWait.of(cascade, options.force());
  }
}
