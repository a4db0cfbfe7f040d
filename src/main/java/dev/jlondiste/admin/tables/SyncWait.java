package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.WaitNotice;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until every table of the local node is in sync. */
public final class SyncWait {
  private static final Logger log = LoggerFactory.getLogger(SyncWait.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Cascade cascade;
  private final ReplicatedObjects objects;
  private final UnfinishedTables reasons;
  private final StopSignal stop;

  public SyncWait(Cascade cascade, StopSignal stop) {
    this.cascade = cascade;
    this.objects = new ReplicatedObjects(cascade);
    this.reasons = new UnfinishedTables(cascade);
    this.stop = stop;
  }

  /**
   * How a wait ended.
   *
   * @param failed tables that cannot be copied as they are, with the reason; in the order of their
   *     registration
   */
  public record Result(List<String> failed) {}

  /** Returns when all tables are in sync; false when it was told to stop before. */
  public boolean await() throws SQLException, InterruptedException {
    return await(false).isPresent();
  }

  /**
   * Returns when all tables are in sync, but those that fail.
   *
   * @return empty when it was told to stop before
   */
  public Optional<Result> awaitAllButFailed() throws SQLException, InterruptedException {
    return await(true);
  }

  private Optional<Result> await(boolean allButFailed) throws SQLException, InterruptedException {
    log.info("Waiting until all tables are in sync");
    WaitNotice notice = new WaitNotice("tables to be in sync", reasons::obstacles);
    List<TableInfo> tables = objects.inOrder();
    Set<TableName> waiting = names(unfinished(tables));
    log.info("{}/{} table(s) to copy", waiting.size(), tables.size());
    while (!waiting.isEmpty()) {
      Optional<Result> rest = allButFailed ? onlyFailed(tables) : Optional.empty();
      if (rest.isPresent()) {
        return rest;
      }
      notice.look();
      if (stop.await(PAUSE)) {
        return Optional.empty();
      }
      tables = objects.inOrder();
      Set<TableName> still = names(unfinished(tables));
      int done = tables.size() - still.size();
      waiting.stream()
          .filter(table -> !still.contains(table))
          .forEach(table -> log.info("{}: finished ({}/{})", table, done, done + still.size()));
      waiting = still;
    }
    log.info("All done");
    return Optional.of(new Result(List.of()));
  }

  /** Empty while some table may still get in sync by itself. */
  private Optional<Result> onlyFailed(List<TableInfo> tables) throws SQLException {
    List<TableInfo> unfinished = unfinished(tables);
    Map<TableName, String> failed = reasons.failed(unfinished);
    return failed.size() < unfinished.size()
        ? Optional.empty()
        : Optional.of(
            new Result(
                unfinished.stream()
                    .map(table -> Objects.requireNonNull(failed.get(table.name())))
                    .toList()));
  }

  /** Also those in sync whose next event would be refused. */
  private List<TableInfo> unfinished(List<TableInfo> tables) throws SQLException {
    boolean root = cascade.node().isRoot();
    return tables.stream()
        .filter(table -> !table.state().isOk() || (table.isRefused() && !root))
        .toList();
  }

  private static Set<TableName> names(List<TableInfo> tables) {
    return tables.stream()
        .map(TableInfo::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
