package dev.jlondiste.replica;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Outcome;
import dev.jlondiste.loop.ShortLocks;
import dev.jlondiste.loop.StopSignal;
import dev.jlondiste.loop.Work;
import java.sql.Connection;
import java.sql.ResultSet;
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

  /** The check reads the catalog of each partition, so it is limited to this part of the time. */
  private static final int SHARE = 100;

  /** How long locks are tried for; the next check begins again. */
  private static final Duration WAIT_FOR_TABLES = Duration.ofSeconds(10);

  /** The functions of Londiste do not follow partitions. */
  private static final String IS_POSSIBLE =
      "select to_regprocedure('londiste._follow_partitions(text)') is not null";

  private static final String CHANGED =
      "select distinct table_name from londiste._partition_changes(?) order by 1";

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final StopSignal stop;
  private final InstantSource clock;
  private Duration pause = EVERY;
  private List<Note> warnings = List.of();

  private record Note(String table, String level, String text) {
    static Note read(ResultSet row) throws SQLException {
      return new Note(row.getString(1), row.getString(2), row.getString(3));
    }

    boolean isWarning() {
      return level.equals("warning");
    }
  }

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
    List<String> changed = local.ask(db -> changed(db, queue));
    Duration longest = Duration.between(began, clock.instant()).multipliedBy(SHARE);
    pause = longest.compareTo(EVERY) > 0 ? longest : EVERY;
    List<Note> notes = changed.isEmpty() ? List.of() : follow(queue, changed);
    notes.stream()
        .filter(note -> !note.isWarning())
        .forEach(note -> log.info("{}: {}", note.table(), note.text()));
    List<Note> now = notes.stream().filter(Note::isWarning).toList();
    now.stream()
        .filter(note -> !warnings.contains(note))
        .forEach(note -> log.warn("{}: {}", note.table(), note.text()));
    warnings = now;
    return Outcome.IDLE;
  }

  /** The time until the next check. */
  public Duration pause() {
    return pause;
  }

  private static List<String> changed(Connection db, String queue) throws SQLException {
    return Sql.one(db, IS_POSSIBLE, row -> row.getBoolean(1))
        ? Sql.list(db, CHANGED, row -> row.getString(1), queue)
        : List.of();
  }

  private List<Note> follow(String queue, List<String> tables) throws SQLException {
    try {
      return local.call(db -> follow(db, queue, tables));
    } catch (UserError e) {
      return List.of(notFollowed(tables, e.problem()));
    } catch (SQLException e) {
      if (SqlFaults.isTransient(e)) {
        throw e;
      }
      return List.of(notFollowed(tables, String.valueOf(e.getMessage())));
    }
  }

  private static Note notFollowed(List<String> tables, String problem) {
    return new Note(
        String.join(", ", tables), "warning", "new or former partitions not followed: " + problem);
  }

  private List<Note> follow(Connection db, String queue, List<String> tables) throws SQLException {
    return ShortLocks.of(WAIT_FOR_TABLES, stop)
        .call(
            db,
            tables.stream().map(name -> TableName.parse(name).quoted()).toList(),
            LockHolders.Mode.AGAINST_WRITERS,
            attempt ->
                Sql.list(
                    attempt,
                    "select table_name, note_level, note from londiste._follow_partitions(?)",
                    Note::read,
                    queue));
  }
}
