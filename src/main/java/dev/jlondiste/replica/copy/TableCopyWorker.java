package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import dev.jlondiste.replica.FailedCopies;
import dev.jlondiste.replica.LondisteFunctions;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one table from in-copy to its hand-over. Every step begins with the state in the database,
 * so it does not matter whether this process or one before it made the last step. Called by one
 * thread only.
 */
final class TableCopyWorker implements Work {
  private static final Logger log = LoggerFactory.getLogger(TableCopyWorker.class);

  /** For how long the source keeps its events for a table that cannot catch up. */
  private static final Duration CATCH_UP_LIMIT = Duration.ofHours(1);

  private final TableName name;
  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final RemoteNodes remote;
  private final StopSignal stop;
  private final CopyConsumer consumer;
  private final StreamQuota streams;
  private final FirstCopy firstCopy;
  private final CatchingUp catchingUp;
  private final FailedCopies failures;
  private final Clock clock;

  /** A failure may be stored, perhaps by a process before this one. */
  private boolean mayHaveFailed = true;

  /** After a failure while catching up: until then only the state is looked at. */
  private Instant notBefore = Instant.MIN;

  /** {@code stop} is this worker's own: it requests it when it is done. */
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
    this.firstCopy = new FirstCopy(settings, local, remote, progress, streams);
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
      stop.request(); // keeps its place; the main worker starts it again when the handler exists
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

  /** True while the worker makes a pause after a failure. */
  boolean isWaiting() {
    return clock.instant().isBefore(notBefore);
  }

  /**
   * Stores a failure, and what follows from it. A table without its rows gets back to those that
   * wait for a copy, and this worker ends. One that was copied keeps its rows and its place in the
   * source's queue; the main worker must not stand still for it. Not for hours, as the source has
   * to keep all events since then: after that it is copied again.
   *
   * @return empty when the table is no longer this worker's
   */
  Optional<FailedCopies.Verdict> failed(Exception failure) {
    mayHaveFailed = true;
    boolean[] ends = {false};
    Optional<FailedCopies.Verdict> verdict =
        failures.failed(name, failure, db -> isStillOurs(db, failure, ends));
    if (verdict.isEmpty()) {
      return verdict; // the next step looks at what it is now
    }
    // Nothing is given back that the database still says is ours.
    if (ends[0] && verdict.get().isCommitted()) {
      streams.hold(0);
      leaveSource();
      stop.request();
    } else {
      notBefore = clock.instant().plus(verdict.get().pause());
    }
    return verdict;
  }

  /** Moves the table to where it waits for the next attempt; {@code ends}: without this worker. */
  private boolean isStillOurs(Connection db, Exception failure, boolean[] ends)
      throws SQLException {
    String queue = settings.get().queueName();
    Optional<TableInfo> found = find(db);
    if (found.isEmpty() || !found.get().state().isCopying()) {
      return false;
    }
    TableInfo table = found.get();
    TableState.Phase phase = table.state().phase();
    ends[0] = phase == TableState.Phase.IN_COPY || isOverdue(db, failure);
    if (ends[0]) {
      // What a copy has dropped is restored by the next attempt, and must not be forgotten.
      TableState start = table.droppedDdl().isPresent() ? TableState.IN_COPY : TableState.MISSING;
      return TableStates.change(db, queue, table, start, null);
    }
    return phase == TableState.Phase.DO_SYNC
        ? TableStates.change(db, queue, table, TableState.CATCHING_UP)
        : TableStates.hold(db, queue, table).equals(Optional.of(table.state()));
  }

  private boolean isOverdue(Connection db, Exception failure) throws SQLException {
    return !FailedCopies.isTransient(failure)
        && failures.failingFor(db, name).compareTo(CATCH_UP_LIMIT) > 0;
  }

  /** A consumer that waits for a next attempt would keep the source from rotating its queue. */
  private void leaveSource() {
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
    CopySource source = CopySource.find(table, settings.get(), local, remote);
    log.info("Using '{}' as source node", source.node());
    if (!firstCopy.copy(table, source, consumer, stop)) {
      return Outcome.IDLE;
    }
    succeeded();
    return Outcome.BUSY;
  }

  private Outcome catchUp(TableInfo table) throws SQLException {
    Optional<ConsumerState> state = local.call(consumer::state);
    if (state.isEmpty()) {
      log.error("{}: consumer {} is gone, copying again", name, consumer.name());
      change(table, TableState.IN_COPY);
      return Outcome.BUSY;
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

  private void change(TableInfo table, TableState to) throws SQLException {
    if (local.call(db -> TableStates.change(db, settings.get().queueName(), table, to))) {
      log.info("Table {} status changed to '{}'", name, to);
    }
  }

  private Outcome letGo() throws SQLException {
    consumer.unregister();
    stop.request();
    return Outcome.IDLE;
  }
}
