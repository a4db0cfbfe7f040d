package dev.jlondiste.admin.resurrection;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator which events are lost, in the log and as SQL. */
final class LostEventReport {
  private static final Logger log = LoggerFactory.getLogger(LostEventReport.class);

  private final Cascade cascade;
  private final LostEventsFile file;

  LostEventReport(Cascade cascade, LostEventsFile file) {
    this.cascade = cascade;
    this.file = file;
  }

  /** Logs what is lost, and what the operator does next. */
  void log(Optional<Path> sql) throws SQLException {
    LostEventStatistics statistics = new LostEventStatistics();
    try {
      file.forEach(statistics::add);
    } catch (IOException e) {
      throw new UserError("cannot read " + file.path() + ": " + e.getMessage(), null, e);
    }
    log.info("lost events: {}", statistics.events());
    statistics.lines().forEach(log::info);
    if (statistics.tables().isEmpty()) {
      log.info("no table differs; next: resume");
      return;
    }
    String undo =
        sql.map(path -> "review and run " + LostEventsSql.rollbackFile(path) + " here, or ")
            .orElse("");
    log.info("the tables of node '{}' still have these changes; next:", cascade.node().name());
    log.info("  1. {}resync {}", undo, String.join(" ", statistics.tables()));
    log.info(
        "  2. what is worth keeping goes to the root: {}",
        sql.map(path -> "review and run " + path + " there").orElse(file.path().toString()));
    log.info("  3. resume, then compare");
  }

  /** Writes the lost events as SQL. */
  void writeSql(Path path) {
    try {
      Map<String, RestoredTable> tables = cascade.local().call(this::tables);
      new LostEventsSql(file, cascade.node().name(), tables).write(path);
    } catch (IOException e) {
      throw new UserError(
          "cannot write " + path + ": " + e.getMessage(), "--as-sql=FILE in another directory", e);
    } catch (SQLException e) {
      throw new UserError("cannot write " + path + ": " + e.getMessage(), null, e);
    }
    log.info(
        "the changes as SQL, for review: {}, and to undo them: {}",
        path,
        LostEventsSql.rollbackFile(path));
  }

  private Map<String, RestoredTable> tables(Connection db) throws SQLException {
    Map<String, RestoredTable> tables = new HashMap<>();
    for (TableInfo table : LondisteFunctions.getTables(db, cascade.queue())) {
      tables.put(table.name().full(), RestoredTable.read(db, table.destination()));
    }
    return tables;
  }
}
