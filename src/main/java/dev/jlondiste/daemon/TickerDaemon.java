package dev.jlondiste.daemon;

import dev.jlondiste.cascade.CopiedNodes;
import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.LoopEnd;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.ticker.TickerCounts;
import dev.jlondiste.ticker.TickerFleet;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code pgqd}: ticks and maintains the databases of a server. */
public final class TickerDaemon implements Service {
  private static final Logger log = LoggerFactory.getLogger(TickerDaemon.class);

  private final Supplier<TickerSettings> reader;
  private volatile TickerSettings settings;
  private volatile @Nullable TickerFleet fleet;

  /**
   * Ticks with {@code settings} until a reload calls {@code reader} for new settings. The reader
   * also reopens the log file; it may throw {@link UserError}.
   */
  public TickerDaemon(TickerSettings settings, Supplier<TickerSettings> reader) {
    this.settings = settings;
    this.reader = reader;
  }

  @Override
  public void start(Loops loops) {
    TickerFleet started =
        new TickerFleet(
            () -> settings,
            loops,
            new TickerCounts(new Meters()),
            database ->
                settings.allowCopiedDatabase()
                    ? Map.of()
                    : CopiedNodes.find(database, location -> Database.direct(location, "pgqd")),
            Clock.systemUTC());
    fleet = started;
    List<Loop> own = started.loops();
    own.forEach(loops::start);
  }

  @Override
  public void reload() {
    try {
      settings = reader.get();
    } catch (UserError e) {
      log.error("{}; the old settings stay", e.problem());
    }
  }

  @Override
  public void announce(DaemonSignal signal) {
    switch (signal) {
      case FINISH -> log.info("Got SIGINT, shutting down");
      case STOP_NOW -> log.info("Got SIGTERM, fast exit");
      case RELOAD -> log.info("Got SIGHUP, re-reading config");
    }
  }

  /** The process ends with its fleet only, because the fleet restarts a ticker that died. */
  @Override
  public boolean stopsAfter(LoopEnd end) {
    if (end.isFailure()) {
      log.error("{}: {}", end.loop(), end.reason().orElse(""), end.death().orElse(null));
    }
    return end.isFailure() && end.loop().equals(TickerFleet.LOOP);
  }

  @Override
  public Optional<String> status() {
    return Optional.ofNullable(fleet).map(TickerFleet::status);
  }

  @Override
  public void close() {}
}
