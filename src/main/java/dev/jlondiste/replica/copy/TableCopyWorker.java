package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.FailedAttempt;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import dev.jlondiste.replica.FailedCopies;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.MergedTable;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.TableState;
import dev.jlondiste.replica.TableStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one table from in-copy to its hand-over. Every step starts from the state in the database,
 * so a worker can continue what an earlier process has begun. Called by one thread only.
 */
final class TableCopyWorker implements Work {
  private static final Logger log = LoggerFactory.getLogger(TableCopyWorker.class);

  /** How long the source has to keep events for a table that cannot catch up. */
  private static final Duration CATCH_UP_LIMIT = Duration.ofHours(1);

  private final TableName name;
  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final RemoteNodes remote;
  private final StopSignal stop;
  private final CopyConsumer consumer;
  private final StreamQuota streams;
  private final InitialCopy initialCopy;
  private final MergedCopy merged;
  private final MergedStructure structure;
  private final CatchingUp catchingUp;
  private final FailedCopies failures;
  private final Clock clock;

  private @Nullable CopySource lastSource;

  /** True if a failure may be stored, possibly by an earlier process. */
  private boolean mayHaveFailed = true;

  /**
   * After a failure while catching up, the time of the next attempt; until then only the state is
   * checked.
   */
  private Instant notBefore = Instant.MIN;

  /** {@code stop} belongs to this worker, which requests it when its work is done. */
  TableCopyWorker(
      TableName name,
      Supplier<NodeSettings> settings,
      Database local,
      RemoteNodes remote,
      CopyProgress progress,
      StreamQuota streams,
      FailedCopies failures,
      StopSignal stop,
      Clock clock) {
    this.name = name;
    this.settings = settings;
    this.local = local;
    this.remote = remote;
    this.stop = stop;
    String queue = settings.get().queueName();
    String worker = settings.get().consumerName();
    this.consumer = new CopyConsumer(queue, worker, name, local, remote);
    this.streams = streams;
    CopyTurn turn = new CopyTurn(queue, clock);
    this.merged = new MergedCopy(queue, local, turn);
    this.structure = new MergedStructure(settings, local, turn, stop, clock);
    this.initialCopy = new InitialCopy(settings, local, remote, progress, streams, merged);
    this.failures = failures;
    this.clock = clock;
    this.catchingUp = new CatchingUp(queue, worker, consumer, local, remote, clock);
  }

  @Override
  public Outcome runOnce() throws SQLException, InterruptedException {
    Optional<TableInfo> table = load();
    if (table.isEmpty()) {
      log.error("copy_sync: lost table: {}", name);
      return letGo();
    }
    TableState.Phase phase = table.get().state().phase();
    if (phase != TableState.Phase.IN_COPY) {
      streams.hold(0);
    }
    if (table.get().isRefused() && table.get().state().isCopying()) {
      stop.request(); // the consumer stays; the main worker starts a worker again when the handler
      // exists
      return Outcome.IDLE;
    }
    return switch (phase) {
      case MISSING, OK -> letGo();
      case IN_COPY -> copy(table.get());
      case CATCHING_UP ->
          isWaiting() && !failures.isDue(name) ? Outcome.IDLE : catchUp(table.get());
      case DO_SYNC -> catchUp(table.get());
      case WANNA_SYNC -> Outcome.IDLE;
    };
  }

  /** True during the pause after a failure. */
  boolean isWaiting() {
    return clock.instant().isBefore(notBefore);
  }

  /**
   * Stores a failure and its consequence. A table that is not copied yet waits for a copy again,
   * and this worker ends. A copied table keeps its rows and its consumer, and the main worker does
   * not wait for it; after {@link #CATCH_UP_LIMIT} it is copied again, because the source has to
   * keep all events meanwhile.
   *
   * @return empty if the table no longer belongs to this worker
   */
  Optional<FailedAttempt> failed(Exception failure) {
    mayHaveFailed = true;
    boolean[] ends = {false};
    Optional<FailedCopies.Verdict> verdict =
        failures.failed(name, failure, db -> isStillOurs(db, failure, ends));
    if (verdict.isEmpty()) {
      return Optional.empty(); // the next step reads the present state
    }
    // Streams and consumer are released only after the state was committed.
    if (ends[0] && verdict.get().isCommitted()) {
      streams.hold(0);
      unregister();
      stop.request();
    } else {
      notBefore = clock.instant().plus(verdict.get().attempt().pause());
    }
    return Optional.of(verdict.get().attempt());
  }

  /**
   * Sets the state in which the table waits for its next attempt; false if it no longer belongs to
   * this worker. Sets {@code ends[0]} if this worker ends.
   */
  private boolean isStillOurs(Connection db, Exception failure, boolean[] ends)
      throws SQLException {
    String queue = settings.get().queueName();
    Optional<TableInfo> found = find(db);
    if (found.isEmpty() || !found.get().state().isCopying()) {
      return false;
    }
    TableInfo table = found.get();
    TableState.Phase phase = table.state().phase();
    // A table whose structure cannot be restored needs an operator, not another copy.
    boolean hasStructure = table.droppedDdl().isEmpty() && table.copyRole().isEmpty();
    ends[0] = phase == TableState.Phase.IN_COPY || (hasStructure && isOverdue(db, failure));
    if (ends[0] && phase != TableState.Phase.IN_COPY && isShared(db, table)) {
      log.warn("{}: cannot catch up, copying it again from all its queues", name);
      MergedTable.restart(db, queue, table.destination());
      return true;
    }
    if (ends[0]) {
      // The next attempt restores what a copy has dropped, so dropped_ddl must be kept.
      TableState start = table.droppedDdl().isPresent() ? TableState.IN_COPY : TableState.MISSING;
      return TableStates.change(db, queue, table, start, null);
    }
    return phase == TableState.Phase.DO_SYNC
        ? TableStates.change(db, queue, table, TableState.CATCHING_UP)
        : TableStates.lock(db, queue, table).equals(Optional.of(table.state()));
  }

  private boolean isOverdue(Connection db, Exception failure) throws SQLException {
    return !FailedCopies.kind(failure).mayPass()
        && failures.failingFor(db, name).compareTo(CATCH_UP_LIMIT) > 0;
  }

  /**
   * Unregisters the consumer, which would prevent rotation of the source's queue until the next
   * attempt.
   */
  private void unregister() {
    try {
      consumer.unregister();
    } catch (SQLException | RuntimeException e) {
      log.debug("{}: consumer {} stays on its source", name, consumer.name(), e);
    }
  }

  private Optional<TableInfo> load() throws SQLException {
    return local.call(this::find);
  }

  private Optional<TableInfo> find(Connection db) throws SQLException {
    return LondisteFunctions.getTables(db, settings.get().queueName()).stream()
        .filter(table -> table.name().equals(name) && table.local())
        .findFirst();
  }

  private Outcome copy(TableInfo table) throws SQLException, InterruptedException {
    CopyTurn.Step step = merged.step(table.destination());
    if (step == CopyTurn.Step.WAIT) {
      return Outcome.IDLE;
    }
    CopySource source = CopySource.find(table, settings.get(), local, remote);
    if (!source.equals(lastSource)) {
      log.info("Using '{}' as source node", source.node());
      lastSource = source;
    }
    if (step == CopyTurn.Step.LEAD) {
      return initialCopy.lead(table, source, stop) ? Outcome.BUSY : Outcome.IDLE;
    }
    boolean shared = step == CopyTurn.Step.COPY;
    if (!initialCopy.copy(table, shared, source, consumer, stop)) {
      return Outcome.IDLE;
    }
    succeeded();
    return Outcome.BUSY;
  }

  private boolean isShared(Connection db, TableInfo table) throws SQLException {
    return MergedTable.of(db, settings.get().queueName(), table.destination()).isShared();
  }

  private Outcome catchUp(TableInfo table) throws SQLException {
    Optional<ConsumerState> state = local.call(consumer::state);
    if (state.isEmpty()) {
      log.error("{}: consumer {} is gone, copying again", name, consumer.name());
      copyAgain(table);
      return Outcome.BUSY;
    }
    if (table.state().phase() == TableState.Phase.CATCHING_UP && !structure.isRestored(table)) {
      return Outcome.IDLE;
    }
    Outcome outcome = catchingUp.step(table, state.get(), settings.get());
    succeeded();
    return outcome;
  }

  private void succeeded() throws SQLException {
    if (mayHaveFailed) {
      failures.succeeded(name);
      mayHaveFailed = false;
    }
  }

  private void copyAgain(TableInfo table) throws SQLException {
    String queue = settings.get().queueName();
    boolean changed =
        local.call(
            db -> {
              if (!isShared(db, table)) {
                return TableStates.change(db, queue, table, TableState.IN_COPY);
              }
              MergedTable.restart(db, queue, table.destination());
              return false;
            });
    if (changed) {
      log.info("Table {} status changed to '{}'", name, TableState.IN_COPY);
    }
  }

  private Outcome letGo() throws SQLException {
    consumer.unregister();
    stop.request();
    return Outcome.IDLE;
  }
}
