package dev.jlondiste.ticker;

import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.db.AdvisoryLock;
import dev.jlondiste.loop.FaultLog;
import dev.jlondiste.loop.FaultReport;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Ticks the local queues of one database.
 *
 * <p>Two tickers on one queue can lose events, because each takes its snapshot before its tick
 * number. A ticker therefore holds a session-level advisory lock while it ticks, and waits while
 * another ticker holds it. The tickers of other implementations do not take that lock; against
 * those, our SQL code has a lock of its own.
 *
 * <p>All queues that are due are ticked every {@code ticker_period}. If a queue is configured for a
 * shorter lag, a cheap query in between finds queues with new events whose tick is overdue. Busy
 * queues can thus tick every few tens of milliseconds, and idle ones cost one query.
 */
final class TickWork implements Work {
  private static final Logger log = LoggerFactory.getLogger(TickWork.class);

  /**
   * Maximum time in which a waiting ticker notices that the lock is free, or that its standby was
   * promoted.
   */
  private static final Duration STANDBY_PAUSE = Duration.ofSeconds(5);

  private static final AdvisoryLock LOCK = AdvisoryLock.named("jlondiste ticker");

  private final String name;
  private final TickerSession session;
  private final Supplier<TickerSettings> settings;
  private final Supplier<Set<String>> refused;
  private final TickerCounts counts;
  private final InstantSource clock;

  private volatile Readiness readiness = Readiness.UNKNOWN;
  private Readiness lastLogged = Readiness.UNKNOWN;
  private TickerFunctions.SqlAbilities sql = TickerFunctions.SqlAbilities.NONE;
  private final Map<String, FaultLog> brokenQueues = new HashMap<>();
  private Instant lastTicker = Instant.EPOCH;
  private Instant lastPoll = Instant.MAX;
  private final TickPacing pacing = new TickPacing();

  /** {@code refused} returns the queues that must not be ticked in this database. */
  TickWork(
      String name,
      TickerSession session,
      Supplier<TickerSettings> settings,
      Supplier<Set<String>> refused,
      TickerCounts counts,
      InstantSource clock) {
    this.name = name;
    this.session = session;
    this.settings = settings;
    this.refused = refused;
    this.counts = counts;
    this.clock = clock;
  }

  /** Can be called by any thread. */
  Readiness readiness() {
    return readiness;
  }

  @Override
  public Outcome runOnce() throws SQLException {
    try {
      if (session.isOld()) {
        session.drop();
        readiness = Readiness.UNKNOWN;
      }
      if (readiness != Readiness.TICKING) {
        inspectDatabase();
      }
      if (readiness == Readiness.TICKING) {
        tickDueQueues();
      }
      return Outcome.IDLE;
    } catch (SQLException | RuntimeException e) {
      readiness = Readiness.UNKNOWN;
      session.drop();
      throw e;
    }
  }

  private void inspectDatabase() throws SQLException {
    Connection db = session.get();
    TickerFunctions.Inspection found = TickerFunctions.inspect(db);
    String version = found.version().orElse("unknown");
    sql = found.sql();
    if (!found.hasPgq()) {
      readiness = Readiness.NO_PGQ;
    } else if (found.inRecovery()) {
      readiness = Readiness.IN_RECOVERY;
    } else if (TickerFunctions.leadingInteger(version) < 3) {
      readiness = Readiness.TOO_OLD;
    } else if (LOCK.tryHold(db)) {
      readiness = Readiness.TICKING;
    } else {
      readiness = Readiness.STANDING_BY;
    }
    if (readiness != lastLogged) {
      logReadiness(version, db);
      lastLogged = readiness;
    }
    if (readiness != Readiness.TICKING && readiness != Readiness.STANDING_BY) {
      session.drop(); // a connection would prevent the database from being dropped
    }
  }

  private void logReadiness(String version, Connection db) throws SQLException {
    switch (readiness) {
      case NO_PGQ -> log.debug("[{}]: no pgq here", name);
      case TOO_OLD ->
          log.warn("[{}]: bad pgq version, ignoring: it is {}, must be 3 or newer", name, version);
      case IN_RECOVERY ->
          log.warn("[{}]: this is a standby server, waiting for its promotion", name);
      case STANDING_BY ->
          log.info(
              "[{}]: another ticker holds the lock{}, waiting",
              name,
              LOCK.holder(db).map(pid -> " (server process " + pid + ")").orElse(""));
      case TICKING -> log.info("[{}]: pgq version ok: {}", name, version);
      case UNKNOWN -> throw new IllegalStateException("inspected, but still unknown");
    }
  }

  private void tickDueQueues() throws SQLException {
    Connection db = session.get();
    Duration period = settings.get().tickerPeriod();
    Instant now = clock.instant();
    // A clock that is set back must not stop the ticks.
    boolean periodIsOver = now.isBefore(lastTicker) || !now.isBefore(lastTicker.plus(period));
    if (periodIsOver) {
      lastTicker = now;
      counts.ticked(name, tickAll(db));
    }
    if (!periodIsOver || !pacing.hasLowLatencyQueues()) {
      tickLowLatencyQueues(db, period, now);
    }
  }

  private void tickLowLatencyQueues(Connection db, Duration period, Instant now)
      throws SQLException {
    Set<String> skipped = refused.get();
    List<TickerFunctions.LowLatencyQueue> lowLatency =
        TickerFunctions.lowLatencyQueues(db, period, sql).stream()
            .filter(queue -> !skipped.contains(queue.queue()))
            .toList();
    long made = 0;
    for (TickerFunctions.LowLatencyQueue queue : lowLatency) {
      made += queue.isOverdue() && tickUnlessBroken(db, queue.queue()) ? 1 : 0;
    }
    if (made > 0) {
      counts.ticked(name, made);
    }
    pacing.polled(
        lowLatency.stream()
            .map(TickerFunctions.LowLatencyQueue::lag)
            .min(Comparator.naturalOrder()),
        lowLatency.stream()
            .filter(TickerFunctions.LowLatencyQueue::isOverdue)
            .mapToLong(TickerFunctions.LowLatencyQueue::waiting)
            .sum(),
        sinceLastPoll(now),
        Duration.between(now, clock.instant()));
  }

  /** Time since the previous poll; zero if the clock was set back. */
  private Duration sinceLastPoll(Instant now) {
    Instant ended = clock.instant();
    Duration since = Duration.between(lastPoll.isAfter(now) ? now : lastPoll, ended);
    lastPoll = ended;
    return since;
  }

  private long tickAll(Connection db) throws SQLException {
    if (!sql.notifies() || !refused.get().isEmpty()) {
      return tickEach(db);
    }
    try {
      return TickerFunctions.tickAll(db);
    } catch (SQLException e) {
      if (!session.isAlive(e)) {
        throw e;
      }
      return tickEach(db);
    }
  }

  /**
   * Ticks queues one by one, without refused ones, so that a broken queue does not prevent the
   * others.
   */
  private long tickEach(Connection db) throws SQLException {
    Set<String> skipped = refused.get();
    long made = 0;
    for (String queue : TickerFunctions.localQueues(db)) {
      made += !skipped.contains(queue) && tickUnlessBroken(db, queue) ? 1 : 0;
    }
    return made;
  }

  private boolean tickUnlessBroken(Connection db, String queue) throws SQLException {
    try {
      boolean made = tickOne(db, queue);
      Optional.ofNullable(brokenQueues.remove(queue))
          .flatMap(FaultLog::succeeded)
          .ifPresent(count -> log.info("[{}]: queue {} ticks again after {}", name, queue, count));
      return made;
    } catch (SQLException e) {
      if (!session.isAlive(e)) {
        throw e;
      }
      if (!TickerFunctions.localQueues(db).contains(queue)) {
        brokenQueues.remove(queue);
        return false; // a takeover has closed it meanwhile, or it was dropped
      }
      String prefix = "[" + name + "]: queue " + queue;
      String message = TickerFaults.firstLine(e);
      brokenQueues
          .computeIfAbsent(
              queue, broken -> new FaultLog(log, prefix, TickerFaults.REPEAT_MESSAGE, clock))
          .failed(e, FaultReport.of(Level.ERROR, message, prefix + " cannot tick: " + message));
      return false;
    }
  }

  private boolean tickOne(Connection db, String queue) throws SQLException {
    if (sql.handlesLateEvents()) {
      return TickerFunctions.tickLate(db, queue);
    }
    return sql.notifies()
        ? TickerFunctions.tick(db, queue)
        : TickerFunctions.tickAndNotify(db, queue);
  }

  /** The pause until the next step. */
  Duration pause() {
    TickerSettings present = settings.get();
    Duration untilTicker =
        Duration.between(clock.instant(), lastTicker.plus(present.tickerPeriod()));
    return switch (readiness) {
      case TICKING -> shortest(untilTicker, pacing.pause().orElse(untilTicker));
      case STANDING_BY, IN_RECOVERY -> shortest(STANDBY_PAUSE, present.checkPeriod());
      case UNKNOWN, NO_PGQ, TOO_OLD -> present.checkPeriod();
    };
  }

  /** At least 1 ms: zero would end the loop. */
  private static Duration shortest(Duration a, Duration b) {
    Duration shorter = a.compareTo(b) < 0 ? a : b;
    Duration minimum = Duration.ofMillis(1);
    return shorter.compareTo(minimum) < 0 ? minimum : shorter;
  }

  @Override
  public void close() {
    readiness = Readiness.UNKNOWN;
    session.drop();
  }
}
