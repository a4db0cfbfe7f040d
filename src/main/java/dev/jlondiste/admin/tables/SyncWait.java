package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until every table of the local node is in sync. */
public final class SyncWait {
  private static final Logger log = LoggerFactory.getLogger(SyncWait.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final ReplicatedObjects objects;
  private final StopSignal stop;

  public SyncWait(Cascade cascade, StopSignal stop) {
    this.objects = new ReplicatedObjects(cascade);
    this.stop = stop;
  }

  /** False when it was told to stop before. */
  public boolean await() throws SQLException, InterruptedException {
    log.info("Waiting until all tables are in sync");
    List<TableInfo> tables = objects.inOrder();
    Set<TableName> waiting = unfinished(tables);
    log.info("{}/{} table(s) to copy", waiting.size(), tables.size());
    while (!waiting.isEmpty()) {
      if (stop.await(PAUSE)) {
        return false;
      }
      tables = objects.inOrder();
      Set<TableName> still = unfinished(tables);
      int done = tables.size() - still.size();
      waiting.stream()
          .filter(table -> !still.contains(table))
          .forEach(table -> log.info("{}: finished ({}/{})", table, done, done + still.size()));
      waiting = still;
    }
    log.info("All done");
    return true;
  }

  private static Set<TableName> unfinished(List<TableInfo> tables) {
    Set<TableName> names = new LinkedHashSet<>();
    tables.stream()
        .filter(table -> !table.state().isOk())
        .forEach(table -> names.add(table.name()));
    return names;
  }
}
