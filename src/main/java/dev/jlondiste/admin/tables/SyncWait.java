package dev.jlondiste.admin.tables;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.db.TableName;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until every table of the local node is in sync. */
public final class SyncWait {
  private static final Logger log = LoggerFactory.getLogger(SyncWait.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final Cascade cascade;
  private final ReplicatedObjects objects;
  private final UnfinishedTables reasons;
  private final Deadline deadline;

  /** A wait that ends with an error at {@code deadline}. */
  public SyncWait(Cascade cascade, Deadline deadline) {
    this.cascade = cascade;
    this.deadline = deadline;
    this.objects = new ReplicatedObjects(cascade);
    this.reasons = new UnfinishedTables(cascade);
  }

  /**
   * The result of a wait.
   *
   * @param failed tables that cannot be copied as they are, with the reason; in the order of their
   *     registration
   */
  public record Result(List<String> failed) {}

  /** Returns when all tables are in sync. */
  public void await() throws SQLException, InterruptedException {
    await(false);
  }

  /** Returns when every table is in sync or has failed. */
  public Result awaitAllButFailed() throws SQLException, InterruptedException {
    return await(true);
  }

  private Result await(boolean allButFailed) throws SQLException, InterruptedException {
    log.info("Waiting until all tables are in sync");
    Progress progress = new Progress();
    Wait wait = new Wait("tables to be in sync", reasons::obstacles).every(PERIOD).atMost(deadline);
    return wait.forValue(
            () -> {
              List<TableInfo> tables = objects.inOrder();
              List<TableInfo> unfinished = unfinished(tables);
              if (progress.isAllDone(tables.size(), unfinished)) {
                return Optional.of(new Result(List.of()));
              }
              return allButFailed ? onlyFailed(unfinished) : Optional.empty();
            })
        .orElseThrow(() -> wait.timedOut("the tables are not in sync"));
  }

  /** Logs the number of tables to copy, and each table that is finished. */
  private static final class Progress {
    private @Nullable Set<TableName> waiting;

    boolean isAllDone(int tables, List<TableInfo> unfinished) {
      Set<TableName> still = names(unfinished);
      int done = tables - still.size();
      if (waiting == null) {
        log.info("{}/{} table(s) to copy", still.size(), tables);
      } else {
        waiting.stream()
            .filter(table -> !still.contains(table))
            .forEach(table -> log.info("{}: finished ({}/{})", table, done, tables));
      }
      waiting = still;
      if (still.isEmpty()) {
        log.info("All done");
      }
      return still.isEmpty();
    }
  }

  /** Returns empty while a table may still get in sync by itself. */
  private Optional<Result> onlyFailed(List<TableInfo> unfinished) throws SQLException {
    Map<TableName, String> failed = reasons.failed(unfinished);
    return failed.size() < unfinished.size()
        ? Optional.empty()
        : Optional.of(
            new Result(
                unfinished.stream()
                    .map(table -> Objects.requireNonNull(failed.get(table.name())))
                    .toList()));
  }

  /** The tables that are not in sync, and those in sync whose next event would be refused. */
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
