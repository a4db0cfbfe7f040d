package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.Cascade;
import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.config.VerifySettings;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.Work;
import dev.jlondiste.metrics.Meters;
import dev.jlondiste.replica.TableInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * With {@code verify = continuous}, compares the tables of a node with those of its sources all the
 * time, without locks. Each step reads one range of a table; the pauses between them keep the rate.
 * The next table is always the one whose last result is the oldest, also after a restart. Tables
 * that cannot be compared without a lock are left to the command. Called by one thread only.
 */
public final class ContinuousComparison implements Work {
  private static final Logger log = LoggerFactory.getLogger(ContinuousComparison.class);

  /** Pause after a step that had nothing to do. */
  private static final Duration IDLE = Duration.ofSeconds(2);

  /** Pause after a step that was short. */
  private static final Duration SHORTEST = Duration.ofMillis(100);

  /** No table is compared more often. */
  private static final Duration REPEAT = Duration.ofMinutes(1);

  /** When a table that could not be compared is tried again. */
  private static final Duration RETRY = Duration.ofHours(1);

  /** Servers are busy for one part in this many of the elapsed time, at most. */
  private static final int SHARE = 20;

  private final Supplier<NodeSettings> settings;
  private final Meters meters;
  private final InstantSource clock;
  private final Map<TableName, Instant> notBefore = new HashMap<>();
  private final Map<TableName, String> reported = new HashMap<>();
  private @Nullable Cascade cascade;
  private @Nullable TableComparison current;
  private Duration pause = IDLE;

  public ContinuousComparison(Supplier<NodeSettings> settings, Meters meters, InstantSource clock) {
    this.settings = settings;
    this.meters = meters;
    this.clock = clock;
  }

  /** How long to wait before the next step. */
  public Duration pause() {
    return pause;
  }

  @Override
  public Outcome runOnce() throws SQLException, InterruptedException {
    NodeSettings now = settings.get();
    pause = IDLE;
    if (now.verify().isEmpty()) {
      close();
      return Outcome.IDLE;
    }
    boolean isDone = false;
    try {
      step(now, now.verify().get());
      isDone = true;
    } finally {
      if (!isDone) {
        close();
      }
    }
    return Outcome.IDLE;
  }

  private void step(NodeSettings now, VerifySettings verify)
      throws SQLException, InterruptedException {
    TableComparison table = current;
    if (table == null) {
      table = next(now).orElse(null);
      if (table == null) {
        close(); // connections are not needed for a while
        return;
      }
      current = table;
    }
    try {
      TableComparison.Step step = table.step();
      meters.verified(table.name().full(), step.rows());
      Duration ofRate = Duration.ofMillis(step.rows() * 1000 / verify.rowsPerSecond());
      Duration ofShare = step.reading().multipliedBy(SHARE);
      pause = Stream.of(ofRate, ofShare, SHORTEST).max(Comparator.naturalOrder()).orElseThrow();
      if (table.isFinished()) {
        current = null;
        report(table);
      }
    } catch (NotComparable e) {
      postpone(table.name(), e.reason(), RETRY);
    } catch (UserError e) { // the worker lags
      postpone(table.name(), e.problem(), REPEAT);
    }
  }

  private void postpone(TableName table, String reason, Duration delay) {
    current = null;
    notBefore.put(table, clock.instant().plus(delay));
    log.info("{}: not compared in the background: {}", table, reason);
  }

  /** The table to compare next; empty if all were compared a short while ago, and on a root. */
  private Optional<TableComparison> next(NodeSettings now) throws SQLException {
    Cascade members = cascade;
    if (members == null) {
      members = new Cascade(now, Set.of());
      cascade = members;
    }
    members.forget();
    Cascade known = members;
    if (known.findNode().isEmpty() || known.node().isRoot()) {
      return Optional.empty();
    }
    Map<TableName, ComparisonRecord> results =
        known.local().call(db -> ComparisonRecords.list(db, known.queue())).orElseGet(Map::of);
    Map<TableName, Duration> ages = new HashMap<>();
    results.forEach(
        (name, result) -> {
          if (!result.rowsOnly()) {
            ages.put(name, result.age());
          }
        });
    for (TableInfo table :
        new ComparableTables(known)
            .all().values().stream()
                .filter(table -> isDue(table.name(), ages.get(table.name())))
                .sorted(
                    Comparator.comparing(
                        table -> ages.getOrDefault(table.name(), Duration.ofDays(36_500)),
                        Comparator.reverseOrder()))
                .toList()) {
      Optional<TableComparison> comparison = begin(known, table);
      if (comparison.isPresent()) {
        return comparison;
      }
    }
    return Optional.empty();
  }

  private boolean isDue(TableName table, @Nullable Duration age) {
    return !notBefore.getOrDefault(table, Instant.MIN).isAfter(clock.instant())
        && (age == null || age.compareTo(REPEAT) >= 0);
  }

  /** Empty if the table cannot be compared now. */
  private Optional<TableComparison> begin(Cascade known, TableInfo table) throws SQLException {
    if (!ComparableTables.isComparable(table)) {
      return Optional.empty();
    }
    try {
      return Optional.of(TableComparison.begin(known, table));
    } catch (NotComparable e) {
      postpone(table.name(), e.reason(), RETRY);
      return Optional.empty();
    } catch (UserError e) { // such as row level security, which must not hinder other tables
      postpone(table.name(), e.problem(), RETRY);
      return Optional.empty();
    }
  }

  /** Logs differences when they are new. */
  private void report(TableComparison table) {
    DifferenceReport differences = table.differences();
    meters.differing(table.name().full(), differences.count());
    String text = differences.toString();
    String before = reported.put(table.name(), text);
    if (!text.equals(before == null ? "equal" : before)) {
      if (differences.isEmpty()) {
        log.info("{}: equal again", table.name());
      } else {
        differences.log();
      }
    }
  }

  @Override
  public void close() {
    current = null;
    Cascade known = cascade;
    cascade = null;
    if (known != null) {
      known.close();
    }
  }
}
