package dev.jlondiste.ticker;

import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.Pace;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The ticker of one database: four loops, each with a connection of its own, so that a long VACUUM
 * does not delay ticks. Used by {@code pgqd} for each of its databases, and by a node's daemon for
 * its own. All loops wait while another ticker of this program holds the lock, and on a standby
 * server.
 */
public final class Ticker {
  /**
   * Maximum duration of a step. Ticks and retries take milliseconds, so a step of this length
   * hangs.
   */
  private static final Duration MAX_STEP = Duration.ofHours(1);

  private final String name;
  private final Database database;
  private final Supplier<TickerSettings> settings;
  private final InstantSource clock;
  private final TickerCounts counts;
  private final TickWork ticking;
  private final CopiedQueueCheck copiedQueues;

  /**
   * Connects at the first step of its loops.
   *
   * @param name starts each log line, in brackets
   * @param database a {@link Database#direct} one, because a connection that holds a lock cannot be
   *     returned to a pool
   * @param settings read again in each step, so that a reload takes effect
   * @param copies checked periodically for queues that belong to another database
   */
  public Ticker(
      String name,
      Database database,
      Supplier<TickerSettings> settings,
      TickerCounts counts,
      CopiedQueues copies,
      InstantSource clock) {
    this.name = name;
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.counts = counts;
    this.copiedQueues = new CopiedQueueCheck(name, database, copies, this::isTicking);
    this.ticking = new TickWork(name, newSession(), settings, copiedQueues::refused, counts, clock);
  }

  /** The loops of this ticker, not yet started. Must be called only once. */
  public List<Loop> loops(StopSignal stop) {
    return List.of(
        loop("", ticking, Pace.of(ticking::pause).allowing(MAX_STEP), stop),
        loop(
            " retry",
            new RetryWork(newSession(), this::isTicking, counts),
            Pace.of(period(TickerSettings::retryPeriod)).allowing(MAX_STEP),
            stop),
        loop(
            " maintenance",
            new MaintenanceWork(name, newSession(), this::isTicking, counts, stop),
            Pace.of(period(TickerSettings::maintPeriod)),
            stop),
        loop(" copies", copiedQueues, Pace.of(copiedQueues::pause), stop));
  }

  private Loop loop(String role, Work work, Pace pace, StopSignal stop) {
    String prefix = "[" + name + "]:" + role;
    return new Loop(
        name + "/ticker" + role, work, pace, TickerFaults.policy(prefix, clock), stop, clock);
  }

  /** While the ticker does not tick, checks every second, so that the loop starts with it. */
  private Supplier<Duration> period(Function<TickerSettings, Duration> of) {
    return () -> isTicking() ? of.apply(settings.get()) : Duration.ofSeconds(1);
  }

  private TickerSession newSession() {
    return new TickerSession(database, () -> settings.get().connectionLifetime(), clock);
  }

  /** True while this ticker holds the lock and ticks the database. */
  public boolean isTicking() {
    return ticking.readiness() == Readiness.TICKING;
  }
}
