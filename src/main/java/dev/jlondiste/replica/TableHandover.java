package dev.jlondiste.replica;

import dev.jlondiste.cascade.BatchDecision;
import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.NodePosition;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.db.TableName;
import dev.jlondiste.pgq.PgqFunctions;
import dev.jlondiste.pgq.TxidSnapshot;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main worker's side of the first copy: starts copies, and takes tables over when their copy
 * worker has completed the same tick as the main worker.
 *
 * <p>How a table changes hands. The copy worker has a consumer of its own and applies every event
 * of its table up to the last tick it completed; the main worker ignores the table meanwhile. When
 * the copy worker has completed a tick T that is not before the main worker's, it stops and stores
 * {@code wanna-sync:T}. The main worker, between two batches and standing at D, then finds one of
 * three cases:
 *
 * <ul>
 *   <li>T = D: both have completed exactly the same ticks. The state becomes {@code ok}: from here
 *       on the main worker applies the table's events, none was missed and none comes twice. (An
 *       offer that the reference left behind is sent back: its T is a tick not completed yet.)
 *   <li>T &gt; D: the main worker goes on, tick by tick, until it stands at T.
 *   <li>T &lt; D: it was in the middle of a batch when the copy worker looked. It stores {@code
 *       do-sync:D} and stands still; the copy worker goes on to D exactly and asks again.
 * </ul>
 *
 * Only the main worker sets {@code do-sync} and {@code ok}, only the copy worker the states in
 * between, each with the row locked and its old value checked. All of it is in the database: after
 * a crash whoever finds a table between in-copy and ok starts a copy worker for it, which goes on
 * from what the state says. Called by the main worker's thread only.
 */
public final class TableHandover {
  private static final Logger log = LoggerFactory.getLogger(TableHandover.class);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final RemoteNodes remote;
  private final CopyWorkers copies;
  private final CopyStarter starter;
  private final RefusedTables refused;

  public TableHandover(
      Supplier<NodeSettings> settings, Database local, RemoteNodes remote, CopyWorkers copies) {
    this.settings = settings;
    this.local = local;
    this.remote = remote;
    this.copies = copies;
    this.starter = new CopyStarter(settings, local, remote, copies);
    this.refused = new RefusedTables(settings, copies);
  }

  /** True when {@link #proceed} has, or may get, something to do with the table. */
  static boolean isOnItsWay(TableInfo table) {
    return table.local()
        && !table.isRefused()
        && (!table.state().isOk() || table.snapshot().isPresent());
  }

  /**
   * Brings tables on their way as far as they can be brought now; tells how to take the next batch.
   */
  BatchDecision proceed(ConsumerState state) throws SQLException, InterruptedException {
    List<TableInfo> tables = load();
    Map<TableName, FailedCopies.Failed> failed =
        tables.stream().anyMatch(table -> table.local() && !table.state().isOk())
            ? copies.failures().all()
            : Map.of();
    boolean changed = false;
    for (TableInfo table : tables) {
      if (table.local() && table.isVirtual() && !table.state().isOk()) {
        changed |= change(table, TableState.OK, state.completedTick()); // there is nothing to copy
      } else if (table.local() && table.state().isCopying() && !starter.waits(table, failed)) {
        changed |= meet(table, state);
      } else if (table.local() && table.state().isOk() && table.snapshot().isPresent()) {
        changed |= forgetSnapshot(table, table.snapshot().get(), state);
      }
    }
    changed |= starter.startCopies(tables, failed, state);
    if (changed) {
      copies.wakeUp();
      tables = load();
    }
    return decide(tables, state.completedTick());
  }

  /**
   * The reference hands tables over with the snapshot of their copy, and so does nobody here. It
   * has to go as soon as the completed tick contains it: transactions of another provider would be
   * taken for ones that the copy saw.
   */
  private boolean forgetSnapshot(TableInfo table, TxidSnapshot snapshot, ConsumerState state)
      throws SQLException {
    long here = state.completedTick();
    boolean passed =
        remote
            .at(state.providerLocation())
            .call(provider -> PgqFunctions.tickSnapshot(provider, settings.get().queueName(), here))
            .map(snapshot::isCoveredBy)
            .orElse(false);
    return passed && change(table, TableState.OK, here);
  }

  /** The table is about to be taken away: its copy must not hold what that needs. */
  void stopCopy(TableInfo table) {
    copies.stop(table);
  }

  /** Tables whose events are to wait because their handler does not exist here. */
  RefusedTables refused() {
    return refused;
  }

  /** Without those that are refused: nothing is done with them. */
  private List<TableInfo> load() throws SQLException {
    return refused.remove(
        local.ask(db -> LondisteFunctions.getTables(db, settings.get().queueName())));
  }

  private boolean meet(TableInfo table, ConsumerState state) throws SQLException {
    if (!copies.isRunning(table)) {
      copies.launch(table, starter.streamsLeft(table));
    }
    long here = state.completedTick();
    TableState was = table.state();
    return switch (was.phase()) {
      case WANNA_SYNC -> {
        if (was.tick() == here) {
          yield takeOver(table, here);
        }
        yield was.tick() < here && change(table, TableState.doSync(here), here);
      }
      case DO_SYNC -> was.tick() < here && change(table, TableState.doSync(here), here);
      case MISSING, IN_COPY, CATCHING_UP, OK -> false;
    };
  }

  /**
   * Not before the copy has completed the tick that it names: the reference names the one that its
   * copy is about to take.
   */
  private boolean takeOver(TableInfo table, long here) throws SQLException {
    NodePosition copy = new NodePosition(settings.get().queueName(), copies.consumer(table));
    return change(
        table, here, db -> copy.holdAt(db, here) ? TableState.OK : TableState.CATCHING_UP);
  }

  private boolean change(TableInfo table, TableState to, long here) throws SQLException {
    return change(table, here, db -> to);
  }

  /** The node's position is held while {@code decision} is made and carried out. */
  private boolean change(TableInfo table, long here, SqlWork<TableState> decision)
      throws SQLException {
    String queue = settings.get().queueName();
    NodePosition position = new NodePosition(queue, settings.get().consumerName());
    Optional<TableState> changed =
        local.call(
            db -> {
              if (!position.holdAt(db, here)) {
                return Optional.empty();
              }
              TableState to = decision.in(db);
              return TableStates.change(db, queue, table, to)
                  ? Optional.of(to)
                  : Optional.<TableState>empty();
            });
    changed.ifPresent(to -> log.info("Table {} status changed to '{}'", table.name(), to));
    return changed.isPresent();
  }

  private static BatchDecision decide(List<TableInfo> tables, long here) {
    BatchDecision decision = BatchDecision.APPLY;
    for (TableInfo table : tables) {
      TableState.Phase phase = table.state().phase();
      if (table.local() && phase == TableState.Phase.DO_SYNC && table.state().tick() <= here) {
        return BatchDecision.WAIT;
      }
      if (table.local()
          && (phase == TableState.Phase.WANNA_SYNC || phase == TableState.Phase.DO_SYNC)) {
        decision = BatchDecision.SINGLE_TICK;
      }
    }
    return decision;
  }
}
