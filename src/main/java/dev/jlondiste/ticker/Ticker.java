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
 * keeps nobody from ticking. Used by {@code pgqd} for each of its databases and by a node's daemon
 * for its own. While another ticker of ours holds the database, and on a standby server, all wait.
 */
public final class Ticker {
  /** Ticks and retries take milliseconds; an hour means that something is wrong for good. */
  private static final Duration MAX_STEP = Duration.ofHours(1);

  private final String name;
  private final Database database;
  private final Supplier<TickerSettings> settings;
  private final InstantSource clock;
  private final TickerCounts counts;
  private final TickWork ticking;
  private final CopyWork copyWork;

  /**
   * Connects at the first step of its loops.
   *
   * @param name starts each log line, in brackets
   * @param database a {@link Database#direct} one: connections with a lock do not go to a pool
   * @param settings asked again all the time, so that a reload is noticed
   * @param copies asked now and then which queues belong to another database
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
    this.copyWork = new CopyWork(name, database, copies, this::isTicking);
    this.ticking = new TickWork(name, newSession(), settings, copyWork::refused, counts, clock);
  }

  /** To be started; call it once. */
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
        loop(" copies", copyWork, Pace.of(copyWork::pause), stop));
  }

  private Loop loop(String role, Work work, Pace pace, StopSignal stop) {
    String who = "[" + name + "]:" + role;
    return new Loop(
        name + "/ticker" + role, work, pace, TickerFaults.policy(who, clock), stop, clock);
  }

  /** While there is nothing to do yet, look often, so as to begin when ticking begins. */
  private Supplier<Duration> period(Function<TickerSettings, Duration> of) {
    return () -> isTicking() ? of.apply(settings.get()) : Duration.ofSeconds(1);
  }

  private TickerSession newSession() {
    return new TickerSession(database, () -> settings.get().connectionLifetime(), clock);
  }

  /** True while this ticker, and not another or none, ticks the database. */
  public boolean isTicking() {
    return ticking.readiness() == Readiness.TICKING;
  }
}
