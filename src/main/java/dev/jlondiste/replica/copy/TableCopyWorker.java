package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.ConsumerState;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import dev.jlondiste.replica.TableState;
import dev.jlondiste.replica.TableStates;
import java.sql.SQLException;
import java.time.Clock;
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

  private final TableName name;
  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final RemoteNodes remote;
  private final StopSignal stop;
  private final CopyConsumer consumer;
  private final StreamShare streams;
  private final FirstCopy firstCopy;
  private final CatchingUp catchingUp;

  /** {@code stop} is this worker's own: it requests it when it is done. */
  TableCopyWorker(
      TableName name,
      Supplier<NodeSettings> settings,
      Database local,
      RemoteNodes remote,
      CopyProgress progress,
      StreamShare streams,
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
    return switch (phase) {
      case MISSING, OK -> letGo();
      case IN_COPY -> copy(table.get());
      case CATCHING_UP, DO_SYNC -> catchUp(table.get());
      case WANNA_SYNC -> Outcome.IDLE;
    };
  }

  /** The main worker must not stand still for a table that has trouble. */
  void releaseMainWorker() throws SQLException {
    Optional<TableInfo> table = load();
    if (table.isPresent() && table.get().state().phase() == TableState.Phase.DO_SYNC) {
      change(table.get(), TableState.CATCHING_UP);
    }
  }

  private Optional<TableInfo> load() throws SQLException {
    return local.call(db -> LondisteFunctions.getTables(db, settings.get().queueName())).stream()
        .filter(table -> table.name().equals(name) && table.local())
        .findFirst();
  }

  private Outcome copy(TableInfo table) throws SQLException, InterruptedException {
    CopySource source = CopySource.find(table, settings.get(), local, remote);
    log.info("Using '{}' as source node", source.node());
    return firstCopy.copy(table, source, consumer, stop) ? Outcome.BUSY : Outcome.IDLE;
  }

  private Outcome catchUp(TableInfo table) throws SQLException {
    Optional<ConsumerState> state = local.call(consumer::state);
    if (state.isEmpty()) {
      log.error("{}: consumer {} is gone, copying again", name, consumer.name());
      change(table, TableState.IN_COPY);
      return Outcome.BUSY;
    }
    return catchingUp.step(table, state.get(), settings.get());
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
