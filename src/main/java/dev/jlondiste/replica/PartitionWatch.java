package dev.jlondiste.replica;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import dev.jlondiste.replica.LondisteFunctions.PartitionNote;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows partitions that are created, attached or detached: new ones are captured, and on a root
 * subscribers are sent what has changed by it, see {@code londiste._follow_partitions}. Called by
 * one thread only.
 */
public final class PartitionWatch implements Work {
  private static final Logger log = LoggerFactory.getLogger(PartitionWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

  /** The check reads the catalog of each partition, so it is limited to this part of the time. */
  private static final int SHARE = 100;

  /** Even if a check took long, perhaps because the server was busy. */
  private static final Duration AT_LEAST_EVERY = Duration.ofSeconds(20);

  /** How long locks are tried for; the next check begins again. */
  private static final Duration WAIT_FOR_TABLES = Duration.ofSeconds(10);

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final StopSignal stop;
  private final InstantSource clock;
  private Duration pause = EVERY;
  private List<PartitionNote> warnings = List.of();

  public PartitionWatch(
      Supplier<NodeSettings> settings, Database local, StopSignal stop, InstantSource clock) {
    this.settings = settings;
    this.local = local;
    this.stop = stop;
    this.clock = clock;
  }

  @Override
  public Outcome runOnce() throws SQLException {
    String queue = settings.get().queueName();
    Instant began = clock.instant();
    List<TableName> changed =
        local.ask(db -> LondisteFunctions.changedPartitionedTables(db, queue));
    Duration longest = Duration.between(began, clock.instant()).multipliedBy(SHARE);
    pause = longest.compareTo(EVERY) < 0 ? EVERY : shorter(longest, AT_LEAST_EVERY);
    report(changed.isEmpty() ? List.of() : follow(queue, changed));
    return Outcome.IDLE;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void report(List<PartitionNote> notes) {
    notes.stream()
        .filter(note -> !note.isWarning())
        .forEach(note -> log.info("{}: {}", note.table(), note.text()));
    List<PartitionNote> now = notes.stream().filter(PartitionNote::isWarning).toList();
    now.stream()
        .filter(note -> !warnings.contains(note))
        .forEach(note -> log.warn("{}: {}", note.table(), note.text()));
    warnings = now;
    if (!now.isEmpty() && pause.compareTo(AFTER_FAILURE) < 0) {
      pause = AFTER_FAILURE;
    }
  }

  /** The time until the next check. */
  public Duration pause() {
    return pause;
  }

  private List<PartitionNote> follow(String queue, List<TableName> tables) throws SQLException {
    try {
      return local.call(db -> follow(db, queue, tables));
    } catch (UserError e) {
      return notFollowed(tables, e.problem());
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e;
      }
      return notFollowed(tables, String.valueOf(e.getMessage()));
    }
  }

  private List<PartitionNote> follow(Connection db, String queue, List<TableName> tables)
      throws SQLException {
    return ShortLocks.of(WAIT_FOR_TABLES, stop)
        .call(
            db,
            tables.stream().map(TableName::quoted).toList(),
            LockHolders.Mode.AGAINST_WRITERS,
            attempt -> LondisteFunctions.followPartitions(attempt, queue));
  }

  private static List<PartitionNote> notFollowed(List<TableName> tables, String problem) {
    return tables.stream()
        .map(
            table ->
                new PartitionNote(
                    table, true, "new or former partitions are not followed: " + problem))
        .toList();
  }
}
