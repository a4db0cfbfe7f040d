package dev.jlondiste.ticker;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.TickerSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.loop.Loop;
import dev.jlondiste.loop.Loops;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Pace;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link Ticker} for each database of a server, or for each listed database. Every {@code
 * check_period}, and after a reload, it starts tickers for new databases and ends those of
 * databases that are gone or have another connect string.
 */
public final class TickerFleet implements Work {
  private static final Logger log = LoggerFactory.getLogger(TickerFleet.class);

  /** Name of the loop that checks the others. */
  public static final String LOOP = "databases";

  private static final String APPLICATION = "pgqd";

  /** Databases without connect privilege are excluded: their errors would repeat indefinitely. */
  private static final String CONNECTABLE =
      """
      select datname
        from pg_catalog.pg_database
       where not datistemplate and datallowconn
         and pg_catalog.has_database_privilege(oid, 'connect')
       order by datname
      """;

  private record Member(ConnectionString target, Ticker ticker, List<Loop> loops, StopSignal stop) {
    boolean isComplete() {
      return loops.stream().allMatch(loop -> loop.end().isEmpty());
    }
  }

  private final Supplier<TickerSettings> settings;
  private final Loops loops;
  private final TickerCounts counts;
  private final CopiedQueues copies;
  private final InstantSource clock;
  private final Map<String, Member> members = new ConcurrentHashMap<>();
  private boolean hasLoggedDetection;

  public TickerFleet(
      Supplier<TickerSettings> settings,
      Loops loops,
      TickerCounts counts,
      CopiedQueues copies,
      InstantSource clock) {
    this.settings = settings;
    this.loops = loops;
    this.counts = counts;
    this.copies = copies;
    this.clock = clock;
  }

  /** The loop that checks the list of databases, and the one that logs the statistics line. */
  public List<Loop> loops() {
    return List.of(
        new Loop(
            LOOP,
            this,
            Pace.of(() -> settings.get().checkPeriod()),
            TickerFaults.policy("database list:", clock),
            loops.stopSignal(),
            clock),
        new Loop(
            "statistics",
            new StatisticsWork(counts),
            Pace.of(() -> settings.get().statsPeriod()),
            TickerFaults.policy("statistics:", clock),
            loops.stopSignal(),
            clock));
  }

  @Override
  public Outcome runOnce() throws SQLException {
    TickerSettings current = settings.get();
    List<String> wanted = wanted(current);
    for (String name : List.copyOf(members.keySet())) {
      if (!wanted.contains(name)) {
        log.info("Unregister database: [{}]", name);
        end(name);
      }
    }
    for (String name : wanted) {
      ConnectionString target = current.database(name);
      Member member = members.get(name);
      if (member != null && !(member.target().equals(target) && member.isComplete())) {
        end(name);
      }
      if (!members.containsKey(name)) {
        start(name, target);
      }
    }
    return Outcome.IDLE;
  }

  private List<String> wanted(TickerSettings current) throws SQLException {
    if (!current.databaseList().isEmpty()) {
      hasLoggedDetection = false;
      return current.databaseList();
    }
    if (!hasLoggedDetection) {
      log.info("auto-detecting dbs ...");
      hasLoggedDetection = true;
    }
    // Closed immediately: a connected template database cannot be used for create database.
    try (Database initial =
        Database.direct(current.database(current.initialDatabase()), APPLICATION)) {
      return initial.call(db -> Sql.list(db, CONNECTABLE, row -> row.getString(1)));
    }
  }

  private void start(String name, ConnectionString target) {
    Ticker ticker =
        new Ticker(name, Database.direct(target, APPLICATION), settings, counts, copies, clock);
    StopSignal stop = loops.stopSignal().child();
    Member member = new Member(target, ticker, ticker.loops(stop), stop);
    members.put(name, member);
    member.loops().forEach(loops::start);
  }

  private void end(String name) {
    Member member = members.remove(name);
    if (member != null) {
      member.stop().request();
      member.stop().detachFrom(loops.stopSignal());
    }
  }

  /** The status line for {@code systemctl status}. */
  public String status() {
    List<String> ticking = new ArrayList<>();
    members.forEach(
        (name, member) -> {
          if (member.ticker().isTicking()) {
            ticking.add(name);
          }
        });
    ticking.sort(null);
    return "%d of %d databases tick: %s"
        .formatted(ticking.size(), members.size(), String.join(", ", ticking));
  }
}
