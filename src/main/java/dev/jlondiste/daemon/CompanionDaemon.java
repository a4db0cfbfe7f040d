package dev.jlondiste.daemon;

import dev.jlondiste.cascade.WorkerStatistics;
import dev.jlondiste.companion.Companion;
import dev.jlondiste.companion.CompanionFaults;
import dev.jlondiste.config.CompanionSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.LoopEnd;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Pace;
import dev.jlondiste.loop.SideJobFaults;
import dev.jlondiste.loop.Work;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.consumer.QueueConsumer;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service of a program that consumes one queue on its own. */
public final class CompanionDaemon implements Service {
  private static final Logger log = LoggerFactory.getLogger(CompanionDaemon.class);
  private static final Backoff LISTEN_BACKOFF = Backoff.upTo(Duration.ofSeconds(30));

  /** One for batches, one to listen for ticks. */
  private static final int SOURCE_CONNECTIONS = 2;

  private volatile CompanionSettings settings;
  private final Supplier<CompanionSettings> reread;
  private final Database source;
  private final Database destination;
  private final Companion companion;
  private final Clock clock = Clock.systemUTC();
  private final Meters meters = new Meters();
  private volatile boolean hasStepped;

  /** {@code reread} reads the ini file again; it may throw a {@link UserError}. */
  public CompanionDaemon(CompanionSettings settings, Supplier<CompanionSettings> reread) {
    this.settings = settings;
    this.reread = reread;
    String job = settings.job().jobName();
    Duration lifetime = settings.job().connectionLifetime();
    this.source = Database.pooled(settings.source(), job, SOURCE_CONNECTIONS, lifetime);
    this.destination =
        settings.isOneDatabase()
            ? source
            : Database.pooled(settings.destination(), job, 1, lifetime);
    this.companion =
        new Companion(
            this::settings,
            source,
            destination,
            new WorkerStatistics(settings.consumerName(), meters, clock));
  }

  @Override
  public void start(Loops loops) {
    String job = settings.job().jobName();
    loops.start(
        new Loop(
            job,
            noticed(companion),
            Pace.of(() -> settings.job().loopDelay()),
            CompanionFaults.policy(this::settings, meters, clock),
            loops.stopSignal(),
            clock));
    if (!settings.consumer().autocommit() && settings.job().loopDelay().toNanos() > 0) {
      listen(loops, job);
    }
  }

  private void listen(Loops loops, String job) {
    String ticks = job + " ticks";
    loops.start(
        new Loop(
            ticks,
            QueueConsumer.tickWatch(
                source.dataSource(),
                settings.queueName(),
                () -> loops.wakeUp(job),
                loops.stopSignal()),
            Pace.of(LISTEN_BACKOFF.max()),
            SideJobFaults.policy(ticks, LISTEN_BACKOFF, log, clock),
            loops.stopSignal(),
            clock));
  }

  private Work noticed(Work work) {
    return new Work() {
      @Override
      public Outcome runOnce() throws SQLException, InterruptedException {
        Outcome outcome = work.runOnce();
        hasStepped = true;
        return outcome;
      }

      @Override
      public void close() {
        work.close();
      }
    };
  }

  private CompanionSettings settings() {
    return settings;
  }

  /** Databases, queue and names cannot change: everything else of this process belongs to them. */
  @Override
  public void reload() {
    try {
      CompanionSettings now = reread.get();
      Companion.check(now);
      if (!now.hasPlaceOf(settings)) {
        throw new UserError(
            "src_db, dst_db, queue_name, consumer_name and job_name count from the start of the"
                + " program",
            "restart it");
      }
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

  /** True after the first complete step, in which the databases were reached. */
  @Override
  public boolean isReady() {
    return hasStepped;
  }

  @Override
  public Optional<String> status() {
    return meters.summary(settings.consumerName());
  }

  @Override
  public boolean stopsAfter(LoopEnd end) {
    if (end.kind() == LoopEnd.Kind.DIED) {
      log.error("{} ended: {}", end.loop(), end.reason().orElse(""), end.death().orElse(null));
    }
    return end.isFailure() && end.loop().equals(settings.job().jobName());
  }

  @Override
  public void close() {
    destination.close();
    source.close();
  }
}
