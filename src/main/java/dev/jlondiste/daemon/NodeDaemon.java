package dev.jlondiste.daemon;

import dev.jlondiste.admin.compare.ContinuousComparison;
import dev.jlondiste.cascade.CascadedWorker;
import dev.jlondiste.cascade.CopiedDatabaseGuard;
import dev.jlondiste.cascade.CopiedNodes;
import dev.jlondiste.cascade.ExclusiveWork;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.cascade.TickListener;
import dev.jlondiste.cascade.WorkerFaults;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.LoopEnd;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Pace;
import dev.jlondiste.loop.SideJobFaults;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.replica.CaptureWatch;
import dev.jlondiste.replica.ForeignKeyRestorer;
import dev.jlondiste.replica.PartitionWatch;
import dev.jlondiste.replica.Playback;
import dev.jlondiste.replica.ReferenceWatch;
import dev.jlondiste.replica.TableHandover;
import dev.jlondiste.replica.copy.CopyThreads;
import dev.jlondiste.replica.handler.TableHandlers;
import dev.jlondiste.ticker.Ticker;
import dev.jlondiste.ticker.TickerCounts;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service of one node: its worker, the copies that the worker starts, and a ticker if the ini
 * file enables it.
 */
public final class NodeDaemon implements Service {
  private static final Logger log = LoggerFactory.getLogger(NodeDaemon.class);

  /** Backoff of jobs that are not essential for the node. */
  private static final Backoff SIDE_JOB_BACKOFF = Backoff.upTo(Duration.ofSeconds(30));

  private static final Duration FOREIGN_KEY_CHECK_INTERVAL = Duration.ofSeconds(10);

  private volatile NodeSettings settings;
  private final Supplier<NodeSettings> reread;
  private final NodeWiring wiring;
  private final Clock clock = Clock.systemUTC();
  private final Meters meters = new Meters();
  private volatile boolean hasWorkerStepped;

  /** {@code reread} reads the ini file again; it may throw a {@link UserError}. */
  public NodeDaemon(NodeSettings settings, Supplier<NodeSettings> reread) {
    this.settings = settings;
    this.reread = reread;
    TableHandlers.load(settings.handlerSettings());
    this.wiring = NodeWiring.of(settings);
  }

  @Override
  public void start(Loops loops) {
    String job = settings.job().jobName();
    Runnable wakeWorker = () -> loops.wakeUp(job);
    CopyThreads copies =
        new CopyThreads(
            this::settings, wiring.local(), wiring.remote(), loops, wakeWorker, meters, clock);
    String ticksJob = job + " ticks";
    TickListener ticks =
        new TickListener(
            this::settings,
            wiring.local(),
            wiring.remote(),
            () -> {
              wakeWorker.run();
              copies.wakeUp();
            },
            loops.stopSignal());
    Runnable checkTicks =
        () -> {
          ticks.check();
          loops.wakeUp(ticksJob);
        };
    loops.start(worker(job, copies, checkTicks, loops.stopSignal()));
    startSideJob(ticksJob, ticks, Pace.of(SIDE_JOB_BACKOFF.max()), loops);
    CaptureWatch captures = new CaptureWatch(this::settings, wiring.local(), clock);
    startSideJob(job + " captures", captures, Pace.of(captures::pause), loops);
    PartitionWatch partitions =
        new PartitionWatch(this::settings, wiring.local(), loops.stopSignal(), clock);
    startSideJob(job + " partitions", partitions, Pace.of(partitions::pause), loops);
    ReferenceWatch references = new ReferenceWatch(this::settings, wiring.local(), clock);
    startSideJob(job + " references", references, Pace.of(FOREIGN_KEY_CHECK_INTERVAL), loops);
    ContinuousComparison comparison = new ContinuousComparison(this::settings, meters, clock);
    startSideJob(job + " comparison", comparison, Pace.of(comparison::pause), loops);
    settings.tickerLoop().ifPresent(first -> startTicker(first, loops));
  }

  private Loop worker(String job, CopyThreads copies, Runnable whenChanged, StopSignal stop) {
    Database local = wiring.local();
    RemoteNodes remote = wiring.remote();
    Playback playback =
        new Playback(
            this::settings,
            local,
            new TableHandover(this::settings, local, remote, copies),
            new ForeignKeyRestorer(this::settings, local, clock));
    CascadedWorker worker =
        new CascadedWorker(
            this::settings, local, wiring.batches(), remote, playback, meters, clock);
    worker.whenChanged(whenChanged);
    ExclusiveWork exclusive =
        new ExclusiveWork(
            wiring.lock(),
            new CopiedDatabaseGuard(this::settings, local, remote, worker, clock),
            () -> {
              copies.removeOrphans();
              return Outcome.BUSY;
            },
            copies::stopAll);
    return new Loop(
        job,
        noticed(exclusive),
        Pace.of(() -> settings.job().loopDelay()),
        WorkerFaults.policy(this::settings, local, worker, meters, clock),
        stop,
        clock);
  }

  /** The same ticker that {@code pgqd} runs, for this node's own database. */
  private void startTicker(TickerSettings first, Loops loops) {
    String job = settings.job().jobName();
    new Ticker(
            job,
            wiring.ticked(),
            () -> settings.tickerLoop().orElse(first),
            new TickerCounts(meters),
            this::copiedNodes,
            clock)
        .loops(loops.stopSignal())
        .forEach(loops::start);
  }

  private Map<String, String> copiedNodes(Database database) throws SQLException {
    NodeSettings now = settings;
    return now.allowCopiedDatabase()
        ? Map.of()
        : CopiedNodes.find(
            database,
            location ->
                Database.direct(
                    location.overriddenBy(now.remoteExtraConnstr()), now.job().jobName()));
  }

  private void startSideJob(String name, Work work, Pace pace, Loops loops) {
    loops.start(
        new Loop(
            name,
            work,
            pace,
            SideJobFaults.policy(name, SIDE_JOB_BACKOFF, log, clock),
            loops.stopSignal(),
            clock));
  }

  private Work noticed(Work work) {
    return new Work() {
      @Override
      public Outcome runOnce() throws SQLException, InterruptedException {
        Outcome outcome = work.runOnce();
        hasWorkerStepped = true;
        return outcome;
      }

      @Override
      public void close() {
        work.close();
      }
    };
  }

  private NodeSettings settings() {
    return settings;
  }

  NodeWiring wiring() {
    return wiring;
  }

  @Override
  public void reload() {
    try {
      NodeSettings now = reread.get();
      TableHandlers.load(now.handlerSettings());
      wiring.resize(now);
      settings = now;
      log.info("Config reloaded");
    } catch (UserError e) {
      log.error("config not reloaded, the old settings stay: {}", e.problem());
    }
  }

  @Override
  public void announce(DaemonSignal signal) {
    if (signal != DaemonSignal.RELOAD) {
      log.info("Exiting on signal {}", signal.fullName());
    }
  }

  /**
   * True after the first complete step, in which the node's database and, unless it is a root or
   * stands by, its provider were reached.
   */
  @Override
  public boolean isReady() {
    return hasWorkerStepped;
  }

  @Override
  public Optional<String> status() {
    return meters.summary(settings.consumerName());
  }

  /** The process ends with its worker; copies and the listener may end before it. */
  @Override
  public boolean stopsAfter(LoopEnd end) {
    if (end.kind() == LoopEnd.Kind.DIED) { // a loop that gave up has logged the reason
      log.error("{} ended: {}", end.loop(), end.reason().orElse(""), end.death().orElse(null));
      store(end);
    }
    return end.isFailure() && end.loop().equals(settings.job().jobName());
  }

  /** Stores why the worker ended, so that {@code status} shows it. */
  private void store(LoopEnd end) {
    try {
      wiring
          .local()
          .call(
              db ->
                  NodeFunctions.setConsumerError(
                      db,
                      settings.queueName(),
                      settings.consumerName(),
                      end.loop() + " ended: " + end.reason().orElse("")));
    } catch (SQLException | RuntimeException e) {
      log.warn("cannot store that {} ended: {}", end.loop(), e.getMessage());
    }
  }

  @Override
  public void close() {
    wiring.close();
  }
}
