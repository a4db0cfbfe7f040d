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
 * The main worker's part of the initial copy: starts copies, and takes tables over when their copy
 * worker has completed the same tick as the main worker.
 *
 * <p>Hand-over of a table. The copy worker has a consumer of its own and applies every event of its
 * table up to the last tick that it completed; the main worker ignores the table meanwhile. When
 * the copy worker has completed a tick T that is not before the main worker's, it stops and stores
 * {@code wanna-sync:T}. The main worker, between two batches and with D as its last completed tick,
 * then finds one of three cases:
 *
 * <ul>
 *   <li>T = D: both have completed exactly the same ticks. The state becomes {@code ok}: from here
 *       on the main worker applies the table's events; none was missed and none is applied twice.
 *       (An offer that the copy process of Londiste left behind is rejected: its T is a tick that
 *       is not completed yet.)
 *   <li>T &gt; D: the main worker continues, tick by tick, until it has completed T.
 *   <li>T &lt; D: the main worker was in a batch when the copy worker compared the ticks. It stores
 *       {@code do-sync:D} and waits; the copy worker continues to exactly D and offers the table
 *       again.
 * </ul>
 *
 * Only the main worker sets {@code do-sync} and {@code ok}; only the copy worker sets the other
 * states after in-copy. Each locks the row and checks the old value. All state is in the database:
 * after a crash the main worker starts a copy worker for each table between in-copy and ok, which
 * continues from the stored state. Called by the main worker's thread only.
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

  /** True if {@link #proceed} has, or may get, work for the table. */
  static boolean needsHandover(TableInfo table) {
    return table.local()
        && !table.isRefused()
        && (!table.state().isOk() || table.snapshot().isPresent());
  }

  /**
   * Advances the tables that are being copied as far as possible; returns how to take the next
   * batch.
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
        changed |= handOver(table, state);
      } else if (table.local() && table.state().isOk() && table.snapshot().isPresent()) {
        changed |= clearSnapshot(table, table.snapshot().get(), state);
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
   * Clears a snapshot that Londiste has handed over together with a table. It must be cleared as
   * soon as the completed tick contains it: after a change of provider, transactions of the new
   * provider could be mistaken for ones that the copy contains.
   */
  private boolean clearSnapshot(TableInfo table, TxidSnapshot snapshot, ConsumerState state)
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

  /** Stops the copy of a table that is about to be removed, so that its locks are released. */
  void stopCopy(TableInfo table) {
    copies.stop(table);
  }

  /** The tables whose events wait because their handler does not exist here. */
  RefusedTables refused() {
    return refused;
  }

  /** Returns the tables without the refused ones. */
  private List<TableInfo> load() throws SQLException {
    return refused.remove(
        local.ask(db -> LondisteFunctions.getTables(db, settings.get().queueName())));
  }

  private boolean handOver(TableInfo table, ConsumerState state) throws SQLException {
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
   * Takes the table over, but not before the copy has completed the tick that it names: the copy
   * process of Londiste names the tick that it is about to take.
   */
  private boolean takeOver(TableInfo table, long here) throws SQLException {
    NodePosition copy = new NodePosition(settings.get().queueName(), copies.consumer(table));
    return change(
        table, here, db -> copy.holdAt(db, here) ? TableState.OK : TableState.CATCHING_UP);
  }

  private boolean change(TableInfo table, TableState to, long here) throws SQLException {
    return change(table, here, db -> to);
  }

  /** Makes and carries out {@code decision} while the node's position is locked. */
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
