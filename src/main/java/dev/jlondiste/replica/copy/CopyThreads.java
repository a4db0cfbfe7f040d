package dev.jlondiste.replica.copy;

import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.LogSubject;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Pace;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.replica.CopyWorkers;
import dev.jlondiste.replica.FailedCopies;
import dev.jlondiste.replica.LondisteFunctions;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The copy workers of a node, one thread each. Thread-safe. */
public final class CopyThreads implements CopyWorkers {
  private static final Logger log = LoggerFactory.getLogger(CopyThreads.class);
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * Poll interval while a worker waits after a failure; it only detects that the copy was
   * cancelled.
   */
  private static final Duration POLL_AFTER_FAILURE = Duration.ofSeconds(2);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final RemoteNodes remote;
  private final Loops loops;
  private final Runnable wakeMainWorker;
  private final Clock clock;
  private final CopyProgress progress;
  private final FailedCopies failures;
  private final Map<TableName, Worker> workers = new ConcurrentHashMap<>();

  private record Worker(Loop loop, StreamQuota streams) {
    boolean isRunning() {
      return loop.end().isEmpty();
    }
  }

  /** {@code wakeMainWorker} is called when a copy worker has work for the main worker. */
  public CopyThreads(
      Supplier<NodeSettings> settings,
      Database local,
      RemoteNodes remote,
      Loops loops,
      Runnable wakeMainWorker,
      Meters meters,
      Clock clock) {
    this.settings = settings;
    this.local = local;
    this.remote = remote;
    this.loops = loops;
    this.wakeMainWorker = wakeMainWorker;
    this.clock = clock;
    this.progress = new CopyProgress(settings.get().queueName(), local, meters, clock);
    this.failures = new FailedCopies(settings, local, clock);
  }

  @Override
  public String consumer(TableInfo table) {
    return CopyConsumer.name(settings.get().consumerName(), table.name());
  }

  @Override
  public boolean isRunning(TableInfo table) {
    Worker worker = workers.get(table.name());
    return worker != null && worker.isRunning();
  }

  @Override
  public FailedCopies failures() {
    return failures;
  }

  @Override
  public int streams() {
    return workers.values().stream()
        .filter(Worker::isRunning)
        .mapToInt(worker -> worker.streams().held())
        .sum();
  }

  @Override
  public void launch(TableInfo table, int streams) {
    try (LogSubject subject = LogSubject.of(table.name())) {
      log.info("Launching copy process");
    }
    StopSignal stop = loops.stopSignal().child();
    StreamQuota share = new StreamQuota(streams, wakeMainWorker);
    TableCopyWorker worker =
        new TableCopyWorker(
            table.name(), settings, local, remote, progress, share, failures, stop, clock);
    Loop loop =
        new Loop(
            "copy " + table.name(),
            () -> {
              Outcome outcome = step(table, worker);
              wakeMainWorker.run();
              return outcome;
            },
            Pace.of(() -> worker.isWaiting() ? POLL_AFTER_FAILURE : POLL),
            CopyFaults.policy(table.name(), worker, clock),
            stop,
            clock);
    workers.put(table.name(), new Worker(loop, share));
    loops.start(loop);
  }

  /**
   * Runs one step. An exception must not end the thread, because the table would then be copied
   * again at once, without a message.
   */
  private static Outcome step(TableInfo table, TableCopyWorker worker)
      throws SQLException, InterruptedException {
    try (LogSubject subject = LogSubject.of(table.name())) {
      return worker.runOnce();
    } catch (OutOfMemoryError e) {
      throw new UserError(
          "out of memory while copying " + table.name(),
          "give the worker a larger heap: JLONDISTE_OPTS=-Xmx1g",
          e);
    }
  }

  @Override
  public void stop(TableInfo table) {
    Worker worker = workers.get(table.name());
    if (worker != null) {
      worker.loop().stopSignal().request();
    }
  }

  @Override
  public void registerConsumer(TableInfo table, String provider, String providerLocation, long tick)
      throws SQLException {
    try (LogSubject subject = LogSubject.of(table.name())) {
      copyConsumer(table.name()).registerAt(new CopySource(provider, providerLocation), tick);
    }
  }

  @Override
  public void unregisterConsumer(TableName table) {
    removeOrphan(table, copyConsumer(table));
  }

  private CopyConsumer copyConsumer(TableName table) {
    NodeSettings now = settings.get();
    return new CopyConsumer(now.queueName(), now.consumerName(), table, local, remote);
  }

  /** Stops all workers because another process has taken over this node. */
  public void stopAll() {
    workers.values().forEach(worker -> worker.loop().stopSignal().request());
  }

  @Override
  public void wakeUp() {
    workers.values().removeIf(worker -> !worker.isRunning());
    workers.values().forEach(worker -> worker.loop().wakeUp());
  }

  /**
   * Unregisters consumers whose worker died after its table was handed over or removed, because
   * they prevent rotation of the source's queue.
   */
  public void removeOrphans() throws SQLException {
    progress.forgetAll();
    String queue = settings.get().queueName();
    String worker = settings.get().consumerName();
    Set<TableName> copying =
        local.call(db -> LondisteFunctions.getTables(db, queue)).stream()
            .filter(table -> table.local() && table.state().isCopying())
            .map(TableInfo::name)
            .collect(Collectors.toSet());
    for (NodeFunctions.Consumer consumer :
        local.call(db -> NodeFunctions.getConsumers(db, queue))) {
      Optional<TableName> table = CopyConsumer.tableOf(consumer.name(), worker);
      if (table.isPresent() && !copying.contains(table.get())) {
        removeOrphan(table.get(), new CopyConsumer(queue, consumer.name(), local, remote));
      }
    }
  }

  /** Unregisters one consumer. Its source may no longer exist, which must not stop this node. */
  private static void removeOrphan(TableName table, CopyConsumer consumer) {
    try (LogSubject subject = LogSubject.of(table)) {
      consumer.unregister();
    } catch (SQLException | RuntimeException e) {
      log.warn(
          "consumer {} of a finished copy stays on its source, which keeps events for it: {}",
          consumer.name(),
          e.getMessage());
    }
  }
}
