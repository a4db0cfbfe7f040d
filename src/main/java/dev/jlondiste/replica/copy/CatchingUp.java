package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.CatchUp;
import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.NodeAddress;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.pgq.Batch;
import dev.jlondiste.pgq.BatchLimits;
import dev.jlondiste.pgq.DecodedEvent;
import dev.jlondiste.pgq.Event;
import dev.jlondiste.pgq.EventReader;
import dev.jlondiste.pgq.EventStream;
import dev.jlondiste.pgq.EventText;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TxidSnapshot;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.RowEvents;
import dev.jlondiste.replica.StoredHandler;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.TableState;
import dev.jlondiste.replica.TableStates;
import dev.jlondiste.replica.apply.RowApplier;
import dev.jlondiste.replica.apply.TargetTables;
import dev.jlondiste.replica.handler.HandlerBatch;
import dev.jlondiste.replica.handler.TableHandler;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the events of one table since its copy began, up to the tick that the main worker has
 * completed: see {@link dev.jlondiste.replica.TableHandover}. The table is handed over only when
 * the last completed tick contains the copy's snapshot, so the main worker needs no snapshot and
 * may read from another node afterwards.
 */
final class CatchingUp {
  private static final Logger log = LoggerFactory.getLogger(CatchingUp.class);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String queue;
  private final String mainWorker;
  private final CopyConsumer consumer;
  private final NodePosition position;
  private final Database local;
  private final RemoteNodes remote;
  private final TargetTables targets = new TargetTables();
  private final CatchUp catchUp = new CatchUp();
  private final TickRequest ticks;
  private final Clock clock;
  private Instant lastBatch;

  CatchingUp(
      String queue,
      String mainWorker,
      CopyConsumer consumer,
      Database local,
      RemoteNodes remote,
      Clock clock) {
    this.queue = queue;
    this.mainWorker = mainWorker;
    this.consumer = consumer;
    this.position = new NodePosition(queue, consumer.name());
    this.local = local;
    this.remote = remote;
    this.ticks = new TickRequest(queue, remote, clock);
    this.clock = clock;
    this.lastBatch = clock.instant();
  }

  /** Applies one batch, or offers the table for hand-over. */
  Outcome step(TableInfo table, ConsumerState state, NodeSettings settings) throws SQLException {
    if (mayOffer(table, state)) {
      TableState offer = TableState.wannaSync(state.completedTick());
      if (local.call(db -> TableStates.change(db, queue, table, offer))) {
        log.info("Table {} status changed to '{}'", table.name(), offer);
      }
      return Outcome.IDLE;
    }
    if (takeBatch(table, state, settings)) {
      lastBatch = clock.instant();
      return Outcome.BUSY;
    }
    ticks.above(NodeAddress.of(state.provider(), state.providerLocation()));
    releaseMainWorker(table);
    return Outcome.IDLE;
  }

  /** Returns false if there is no batch. */
  private boolean takeBatch(TableInfo table, ConsumerState state, NodeSettings settings)
      throws SQLException {
    try (Connection source = remote.at(state.providerLocation()).open()) {
      Instant begun = clock.instant();
      Optional<Batch> batch = nextBatch(source);
      source.commit();
      if (batch.isEmpty() || !apply(batch.get(), table, source, settings)) {
        return false;
      }
      PgqFunctions.finishBatch(source, batch.get().id());
      source.commit();
      catchUp.applied(batch.get().age().plus(Duration.between(begun, clock.instant())));
      return true;
    }
  }

  /**
   * Merges many ticks into one batch while far behind. The main worker does the same, so this
   * worker would never catch up otherwise.
   */
  private Optional<Batch> nextBatch(Connection source) throws SQLException {
    Optional<Batch> batch =
        catchUp.nextBatch(source, queue, consumer.name(), BatchLimits.NEXT_TICK);
    if (batch.isEmpty()) {
      catchUp.caughtUp();
    }
    return batch;
  }

  /**
   * Releases the main worker, which waits for this worker, if the source has stopped before the
   * tick of the hand-over.
   */
  private void releaseMainWorker(TableInfo table) throws SQLException {
    if (table.state().phase() == TableState.Phase.DO_SYNC
        && lastBatch.plus(PATIENCE).isBefore(clock.instant())) {
      log.warn(
          "{}: no tick from its source for {} s, catching up later",
          table.name(),
          PATIENCE.toSeconds());
      local.call(db -> TableStates.change(db, queue, table, TableState.CATCHING_UP));
      lastBatch = clock.instant();
    }
  }

  private boolean mayOffer(TableInfo table, ConsumerState state) throws SQLException {
    long main =
        local.call(db -> NodeFunctions.getConsumerState(db, queue, mainWorker)).completedTick();
    boolean arrived =
        table.state().phase() == TableState.Phase.DO_SYNC
            ? state.completedTick() >= table.state().tick()
            : state.completedTick() >= main;
    return arrived && isSnapshotPassed(table, state);
  }

  /** True if the completed tick was created after the copy's snapshot was taken. */
  private boolean isSnapshotPassed(TableInfo table, ConsumerState state) throws SQLException {
    if (table.snapshot().isEmpty()) {
      return true;
    }
    Optional<TxidSnapshot> tick =
        remote
            .at(state.providerLocation())
            .call(there -> PgqFunctions.tickSnapshot(there, queue, state.completedTick()));
    return tick.isPresent() && table.snapshot().get().isCoveredBy(tick.get());
  }

  /** Returns false if the table no longer belongs to this worker. */
  private boolean apply(Batch batch, TableInfo table, Connection source, NodeSettings settings)
      throws SQLException {
    try (Connection here = local.open()) {
      if (position.hold(here, batch) == NodePosition.BatchStatus.ALREADY_APPLIED) {
        here.commit();
        return true;
      }
      Optional<TableState.Phase> phase =
          TableStates.lock(here, queue, table).map(TableState::phase);
      if (!phase.equals(Optional.of(TableState.Phase.CATCHING_UP))
          && !phase.equals(Optional.of(TableState.Phase.DO_SYNC))) {
        return false;
      }
      LondisteFunctions.setSessionReplicationRole(here, "replica", true);
      EventText text = EventText.between(source, here);
      TableHandler handler = StoredHandler.of(table, queue, settings.handlerSettings());
      boolean whole = StoredHandler.readsWholeEvents(table);
      String filter = EventReader.onlyTables(List.of(table.name().full()));
      try (RowApplier applier = new RowApplier(here, targets, settings, false);
          EventStream stream = EventStream.open(source, batch, filter, text, whole)) {
        boolean begun = false;
        for (Optional<DecodedEvent> next = stream.next(); next.isPresent(); next = stream.next()) {
          Event event = next.get().event();
          if (RowEvents.isTableEvent(event) && RowEvents.isAfterCopySnapshot(event, table)) {
            if (!begun) {
              handler.begin(
                  new HandlerBatch(batch.currentTick(), batch.currentTime(), here, applier));
              begun = true;
            }
            if (RowEvents.changesManyRows(next.get())) {
              handler.finish();
            }
            RowEvents.apply(next.get(), handler);
          }
        }
        if (begun) {
          handler.finish();
        }
        applier.finish();
      } catch (SQLException | RuntimeException e) {
        targets.forget(); // the table may have been changed, by a script or to repair it
        throw e;
      }
      position.complete(here, batch);
      here.commit();
      return true;
    }
  }
}
