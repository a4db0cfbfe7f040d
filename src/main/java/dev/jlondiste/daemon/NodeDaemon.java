package dev.jlondiste.daemon;

import dev.jlondiste.cascade.CascadedWorker;
import dev.jlondiste.cascade.CopiedDatabaseGuard;
import dev.jlondiste.cascade.CopiedNodes;
import dev.jlondiste.cascade.ExclusiveWork;
import dev.jlondiste.cascade.NodeFunctions;
import dev.jlondiste.cascade.NodeLock;
import dev.jlondiste.cascade.RemoteNodes;
import dev.jlondiste.cascade.TickListener;
import dev.jlondiste.cascade.WorkerFaults;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FaultPolicy;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.LoopEnd;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Pace;
import dev.jlondiste.loop.Work;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.replica.CaptureWatch;
import dev.jlondiste.replica.CopyWorkers;
import dev.jlondiste.replica.ForeignKeyRestorer;
import dev.jlondiste.replica.Playback;
import dev.jlondiste.replica.ReferenceWatch;
import dev.jlondiste.replica.ReplicaSession;
import dev.jlondiste.replica.TableHandover;
import dev.jlondiste.replica.copy.CopyThreads;
import dev.jlondiste.ticker.Ticker;
import dev.jlondiste.ticker.TickerCounts;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service of one node: its worker, the copies that it starts, and its ticker if the ini file
 * says so.
 */
public final class NodeDaemon implements Service {
  private static final Logger log = LoggerFactory.getLogger(NodeDaemon.class);

  /**
   * Connections besides those of the copies and batches: worker, lock, foreign keys and errors,
   * tick listener.
   */
  private static final int BASE_CONNECTIONS = 6;

  private static final int CONNECTIONS_PER_COPY = 3;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration CHECK_REFERENCES = Duration.ofSeconds(10);
  private static final Duration RETRY_LONGEST = Duration.ofSeconds(30);

  private volatile NodeSettings settings;
  private final Supplier<NodeSettings> reread;
  private final Clock clock = Clock.systemUTC();
  private final Meters meters = new Meters();
  private @Nullable Database local;
  private @Nullable Database batches;
  private @Nullable RemoteNodes remote;
  private @Nullable NodeLock lock;
  private @Nullable Database ticked;
  private volatile @Nullable Loop workerLoop;
  private volatile boolean workerTurned;

  /** {@code reread} reads the ini file again; it may throw a {@link UserError}. */
  public NodeDaemon(NodeSettings settings, Supplier<NodeSettings> reread) {
    this.settings = settings;
    this.reread = reread;
  }

  @Override
  public void start(Loops loops) {
    NodeSettings now = settings;
    String job = now.job().jobName();
    int connections =
        BASE_CONNECTIONS
            + CONNECTIONS_PER_COPY * (now.copies().streams() + CopyWorkers.WAITING_AT_MOST);
    Database here = Database.pooled(now.db(), job, connections, now.job().connectionLifetime());
    RemoteNodes others =
        new RemoteNodes(now.remoteExtraConnstr(), job, connections, now.job().connectionLifetime());
    NodeLock nodeLock = new NodeLock(here, now.queueName(), now.consumerName());
    Database inBatches =
        Database.pooled(now.db(), job, 1, now.job().connectionLifetime(), ReplicaSession::begin);
    local = here;
    batches = inBatches;
    remote = others;
    lock = nodeLock;

    CopyThreads copies =
        new CopyThreads(this::settings, here, others, loops, this::wakeWorker, meters, clock);
    Playback playback =
        new Playback(
            this::settings,
            here,
            new TableHandover(this::settings, here, others, copies),
            new ForeignKeyRestorer(this::settings, here, clock));
    CascadedWorker worker =
        new CascadedWorker(this::settings, here, inBatches, others, playback, meters, clock);
    Loop loop =
        new Loop(
            job,
            noticed(
                new ExclusiveWork(
                    nodeLock,
                    new CopiedDatabaseGuard(this::settings, here, others, worker, clock),
                    () -> {
                      copies.removeOrphans();
                      return Outcome.BUSY;
                    },
                    copies::stopAll)),
            Pace.of(() -> settings.job().loopDelay()),
            new WorkerFaults(this::settings, here, worker, meters, clock),
            loops.stopSignal(),
            clock);
    workerLoop = loop;
    loops.start(loop);
    loops.start(
        listener(
            job,
            here,
            others,
            () -> {
              wakeWorker();
              copies.wakeUp();
            },
            loops));
    CaptureWatch captures = new CaptureWatch(this::settings, here, clock);
    loops.start(aside(job + " captures", captures, Pace.of(captures::pause), loops));
    ReferenceWatch references = new ReferenceWatch(this::settings, here, clock);
    loops.start(aside(job + " references", references, Pace.of(CHECK_REFERENCES), loops));
    now.tickerLoop().ifPresent(first -> startTicker(now, first, loops));
  }

  /** The same ticker that {@code pgqd} runs, for this node's own database. */
  private void startTicker(NodeSettings now, TickerSettings first, Loops loops) {
    Database own = Database.direct(now.db(), now.job().jobName());
    ticked = own;
    new Ticker(
            now.job().jobName(),
            own,
            () -> settings.tickerLoop().orElse(first),
            new TickerCounts(meters),
            database ->
                settings.allowCopiedDatabase()
                    ? Map.of()
                    : CopiedNodes.find(
                        database,
                        location ->
                            Database.direct(
                                location.overriddenBy(settings.remoteExtraConnstr()),
                                now.job().jobName())),
            clock)
        .loops(loops.stopSignal())
        .forEach(loops::start);
  }

  private Loop listener(
      String job, Database here, RemoteNodes others, Runnable whenTicked, Loops loops) {
    return aside(
        job + " ticks",
        new TickListener(this::settings, here, others, whenTicked, loops.stopSignal()),
        Pace.of(RETRY_LONGEST),
        loops);
  }

  /** What the node can do without for a while: a failure is tried again, and no reason to worry. */
  private Loop aside(String name, Work work, Pace pace, Loops loops) {
    return new Loop(
        name,
        work,
        pace,
        FaultPolicy.backingOff(
            new Backoff(RETRY, RETRY_LONGEST),
            (failure, wait) -> log.debug("{}: {}", name, failure.getMessage())),
        loops.stopSignal(),
        clock);
  }

  private Work noticed(Work work) {
    return new Work() {
      @Override
      public Outcome runOnce() throws SQLException, InterruptedException {
        Outcome outcome = work.runOnce();
        workerTurned = true;
        return outcome;
      }

      @Override
      public void close() {
        work.close();
      }
    };
  }

  private void wakeWorker() {
    Loop loop = workerLoop;
    if (loop != null) {
      loop.wakeUp();
    }
  }

  private NodeSettings settings() {
    return settings;
  }

  @Override
  public void reload() {
    try {
      settings = reread.get();
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
   * One whole step: its own database, and its provider unless it is a root or stands by, were
   * reached.
   */
  @Override
  public boolean isReady() {
    return workerTurned;
  }

  @Override
  public Optional<String> status() {
    return meters.summary(settings.consumerName());
  }

  /** Without its worker a node's process is of no use; copies and the listener come and go. */
  @Override
  public boolean stopsAfter(LoopEnd end) {
    if (end.kind() == LoopEnd.Kind.DIED) { // one that gave up has said why
      log.error("{} ended: {}", end.loop(), end.reason().orElse(""), end.death().orElse(null));
      store(end);
    }
    return end.isFailure() && end.loop().equals(settings.job().jobName());
  }

  /** So that status says why the node stands still. */
  private void store(LoopEnd end) {
    try {
      if (local != null) {
        local.call(
            db ->
                NodeFunctions.setConsumerError(
                    db,
                    settings.queueName(),
                    settings.consumerName(),
                    end.loop() + " ended: " + end.reason().orElse("")));
      }
    } catch (SQLException | RuntimeException e) {
      log.warn("cannot store that {} ended: {}", end.loop(), e.getMessage());
    }
  }

  @Override
  public void close() {
    if (lock != null) {
      lock.close();
    }
    if (remote != null) {
      remote.close();
    }
    if (batches != null) {
      batches.close();
    }
    if (local != null) {
      local.close();
    }
    if (ticked != null) {
      ticked.close();
    }
  }
}
