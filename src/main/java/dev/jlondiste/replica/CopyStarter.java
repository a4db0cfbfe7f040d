package dev.jlondiste.replica;

import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assigns copy slots to tables that wait for their initial copy, the largest first, if the provider
 * has them in sync. Called by the main worker's thread only.
 */
final class CopyStarter {
  private static final Logger log = LoggerFactory.getLogger(CopyStarter.class);
  private static final String SIZES =
      """
      select n.nspname, c.relname, pg_catalog.pg_table_size(c.oid)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname || '.' || c.relname = any (?)
      """;

  private static final String AWAITED =
      """
      select distinct coalesce(dest_table, table_name)
        from londiste.table_info
       where queue_name <> ? and local and dropped_ddl is not null
      """;

  /** Smaller tables are copied by a single stream. */
  private static final long SPLIT_FROM_BYTES = 1 << 20;

  private static final long BLOCKED_PAUSE_NANOS = 20_000_000_000L;

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final RemoteNodes remote;
  private final CopyWorkers copies;
  private final Set<String> saidWaiting = new HashSet<>();

  /** When the foreign keys of a table were first found locked by other sessions. */
  private final Map<TableName, Long> blockedSince = new HashMap<>();

  CopyStarter(
      Supplier<NodeSettings> settings, Database local, RemoteNodes remote, CopyWorkers copies) {
    this.settings = settings;
    this.local = local;
    this.remote = remote;
    this.copies = copies;
  }

  /**
   * A table that can be copied now.
   *
   * @param streams the number of streams requested for it
   * @param isAwaited true if copies of other queues to the same table wait for this one
   */
  private record Candidate(TableInfo table, int streams, boolean isAwaited) {}

  /** Returns true if a copy was started. */
  boolean startCopies(
      List<TableInfo> tables, Map<TableName, FailedCopies.Failed> failed, ConsumerState state)
      throws SQLException {
    List<TableInfo> missing =
        tables.stream()
            .filter(table -> table.local() && !table.isVirtual())
            .filter(table -> waits(table, failed))
            .filter(table -> isDue(table, failed))
            .toList();
    if (missing.isEmpty() || freeStreams() <= 0) {
      return false;
    }
    Set<String> awaited = local.call(this::awaited);
    long slots = freeSlots(tables, failed);
    if (slots <= 0 && missing.stream().noneMatch(table -> isAwaited(table, awaited))) {
      return false;
    }
    boolean started = false;
    for (Candidate candidate : inOrder(missing, awaited, failed, state)) {
      // Smaller tables do not overtake a table that waits for several free streams.
      if ((slots <= 0 && !candidate.isAwaited()) || freeStreams() < candidate.streams()) {
        break;
      }
      if (tryStart(candidate, state)) {
        slots--;
        started = true;
      }
    }
    return started;
  }

  /**
   * True for a table that waits for a copy slot. This includes a table in state in-copy whose last
   * attempt failed and that has no worker.
   */
  boolean waits(TableInfo table, Map<TableName, FailedCopies.Failed> failed) {
    return switch (table.state().phase()) {
      case MISSING -> true;
      case IN_COPY -> failed.containsKey(table.name()) && !copies.isRunning(table);
      case CATCHING_UP, WANNA_SYNC, DO_SYNC, OK -> false;
    };
  }

  private static boolean isDue(TableInfo table, Map<TableName, FailedCopies.Failed> failed) {
    FailedCopies.Failed failure = failed.get(table.name());
    return failure == null || failure.isDue();
  }

  /**
   * The tables for which copies of other queues wait. They are copied first, and even if many other
   * tables wait: two nodes that merge into the same tables would otherwise wait for each other.
   */
  private Set<String> awaited(Connection db) throws SQLException {
    return Set.copyOf(Sql.list(db, AWAITED, row -> row.getString(1), settings.get().queueName()));
  }

  private static boolean isAwaited(TableInfo table, Set<String> awaited) {
    return awaited.contains(table.destination().full());
  }

  /** The number of row streams for a table of this size. */
  private int wanted(TableInfo table) {
    return settings.get().copies().streamsOf(table.name().full());
  }

  /** The number of row streams that no copy uses. */
  private int freeStreams() {
    return settings.get().copies().streams() - copies.streams();
  }

  /**
   * The number of row streams for a table whose copy has begun; at least 1, because a copy without
   * a worker must continue.
   */
  int streamsLeft(TableInfo table) {
    return Math.max(1, Math.min(wanted(table), freeStreams()));
  }

  /**
   * While tables are copied, indexes of as many other tables may be built. A table that waits for a
   * tick for its hand-over does not occupy a copy slot, but it has a thread and connections; their
   * number is limited in case no tick arrives. A table that waits for its next attempt after a
   * failure does not count.
   */
  private long freeSlots(List<TableInfo> tables, Map<TableName, FailedCopies.Failed> failed) {
    int streams = settings.get().copies().streams();
    List<TableInfo> counting =
        tables.stream()
            .filter(table -> table.local() && table.state().isCopying() && !waits(table, failed))
            .filter(
                table ->
                    table.state().phase() == TableState.Phase.IN_COPY
                        || !failed.containsKey(table.name()))
            .toList();
    long underWay = counting.size();
    long inCopy =
        counting.stream()
            .filter(table -> table.state().phase() == TableState.Phase.IN_COPY)
            .count();
    return Math.min(2L * streams - inCopy, streams + CopyWorkers.MAX_WAITING - underWay);
  }

  /**
   * Returns the tables that can be copied now, the largest first, so that a long copy does not run
   * alone at the end. Tables whose copy has failed come last, because they are likely to fail
   * again.
   */
  private List<Candidate> inOrder(
      List<TableInfo> missing,
      Set<String> awaited,
      Map<TableName, FailedCopies.Failed> failed,
      ConsumerState state)
      throws SQLException {
    try (Connection provider = remote.at(state.providerLocation()).open()) {
      Map<TableName, TableInfo> offered =
          LondisteFunctions.getTables(provider, settings.get().queueName()).stream()
              .collect(Collectors.toMap(TableInfo::name, table -> table));
      List<TableInfo> ready = new ArrayList<>();
      for (TableInfo table : missing) {
        if (table.copyNode().isPresent() || isOffered(table, offered, provider)) {
          ready.add(table);
        }
      }
      Map<String, Long> sizes = new HashMap<>();
      List<String> names = ready.stream().map(table -> table.name().full()).toList();
      Sql.list(
          provider,
          SIZES,
          row -> sizes.put(row.getString(1) + "." + row.getString(2), row.getLong(3)),
          names);
      return ready.stream()
          .sorted(
              Comparator.comparingInt((TableInfo table) -> attempts(table, failed))
                  .thenComparing(table -> !isAwaited(table, awaited))
                  .thenComparing(table -> -sizes.getOrDefault(table.name().full(), 0L)))
          .map(
              table ->
                  new Candidate(
                      table,
                      sizes.getOrDefault(table.name().full(), 0L) < SPLIT_FROM_BYTES
                          ? 1
                          : wanted(table),
                      isAwaited(table, awaited)))
          .toList();
    }
  }

  private static int attempts(TableInfo table, Map<TableName, FailedCopies.Failed> failed) {
    FailedCopies.Failed failure = failed.get(table.name());
    return failure == null ? 0 : failure.attempts();
  }

  private boolean isOffered(TableInfo table, Map<TableName, TableInfo> offered, Connection provider)
      throws SQLException {
    @Nullable TableInfo there = offered.get(table.name());
    List<String> incomplete = List.of();
    if (there != null && there.local() && there.state().isOk() && !there.isVirtual()) {
      incomplete =
          MergedTable.incompleteParts(provider, settings.get().queueName(), there.destination());
      if (incomplete.isEmpty()) {
        saidWaiting.remove(table.name().full());
        return true;
      }
    }
    if (saidWaiting.add(table.name().full())) {
      if (!incomplete.isEmpty()) {
        log.info(
            "Table {} not OK on provider, waiting: it is being copied there from queue {}",
            table.name(),
            String.join(", ", incomplete));
      } else if (there == null || !there.local() || there.isVirtual()) {
        log.warn("Table {} not available on provider", table.name());
      } else {
        log.info("Table {} not OK on provider, waiting", table.name());
      }
    }
    return false;
  }

  /** Starts one copy. An error of one table must not stop the node or the other tables. */
  private boolean tryStart(Candidate candidate, ConsumerState state) throws SQLException {
    try {
      return start(candidate, state);
    } catch (SQLException | UserError e) {
      if (e instanceof SQLException lost && SqlFaults.isLostConnection(lost)) {
        throw lost;
      }
      TableName name = candidate.table().name();
      copies
          .failures()
          .failed(name, e, db -> true)
          .ifPresent(
              verdict ->
                  log.error(
                      "{}: copy not started, trying again in {} s (attempt {}): {}",
                      name,
                      verdict.attempt().pauseSeconds(),
                      verdict.attempt().number(),
                      e.getMessage()));
      return false;
    }
  }

  /**
   * True until the next attempt to drop the table's foreign keys is due. The main worker must not
   * wait for their locks before every batch.
   */
  private boolean isBlocked(TableInfo table) {
    Long since = blockedSince.get(table.name());
    if (since != null && System.nanoTime() - since > BLOCKED_PAUSE_NANOS) {
      blockedSince.remove(table.name());
      return false;
    }
    return since != null;
  }

  private boolean start(Candidate candidate, ConsumerState state) throws SQLException {
    TableInfo table = candidate.table();
    if (copies.isRunning(table)) {
      copies.stop(table); // resynced during its copy: the old worker must end first
      return false;
    }
    String queue = settings.get().queueName();
    if (isBlocked(table) || !CopyForeignKeys.drop(local, table.destination())) {
      blockedSince.putIfAbsent(table.name(), System.nanoTime());
      return false;
    }
    blockedSince.remove(table.name());
    NodePosition position = new NodePosition(queue, settings.get().consumerName());
    if (!local.call(
        db -> position.holdAt(db, state.completedTick()) && startAttempt(db, queue, table))) {
      return false;
    }
    log.info("Table {} status changed to '{}'", table.name(), TableState.IN_COPY);
    copies.launch(table, candidate.streams());
    return true;
  }

  /**
   * Moves the table to in-copy. A table that is in-copy keeps the signature of its last attempt
   * until the next attempt replaces it.
   */
  private static boolean startAttempt(Connection db, String queue, TableInfo table)
      throws SQLException {
    return TableStates.change(
        db,
        queue,
        table,
        TableState.IN_COPY,
        table.state().equals(TableState.IN_COPY) ? table.snapshot().orElse(null) : null);
  }
}
