package dev.jlondiste.replica;

import dev.jlondiste.config.NodeSettings;
import dev.jlondiste.db.Database;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.db.TableName;
import dev.jlondiste.fault.UserError;
import dev.jlondiste.loop.Backoff;
import dev.jlondiste.loop.FailedAttempt;
import dev.jlondiste.loop.FaultKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables whose copy has failed, and when each copy is retried; the pause doubles with every
 * attempt. Stored in {@code londiste.table_fault}, so both survive a restart, and a table that an
 * operator resyncs or changes is retried at once. Kept in memory where the database does not have
 * that table or could not be reached. Thread-safe.
 */
public final class FailedCopies {
  private static final Logger log = LoggerFactory.getLogger(FailedCopies.class);

  /**
   * Longest pause after a failure that needs an operator, as a multiple of {@code exception_sleep}.
   */
  private static final int MAX_LASTING_PAUSE = 15;

  /** Names of a fault's attributes. */
  public static final String SQLSTATE = "sqlstate";

  public static final String TRANSIENT = "transient";

  public static final String SOURCE_NOT_READY = "source_not_ready";

  private static final String STRUCTURE = "structure";

  /** How long {@link #all} is cached. Without a cache the table would be read for every batch. */
  private static final Duration CACHE_TIME = Duration.ofMillis(500);

  /**
   * A text that changes when an operator changes the local table: columns, keys from and to it,
   * triggers, indexes, privileges.
   */
  private static final String STRUCTURE_TEXT =
      """
      with t as (
          select c.oid, c.relacl, c.relowner
            from londiste.table_info i
            join pg_catalog.pg_namespace n on n.nspname = split_part(coalesce(i.dest_table, i.table_name), '.', 1)
            join pg_catalog.pg_class c
              on c.relnamespace = n.oid
             and n.nspname || '.' || c.relname = coalesce(i.dest_table, i.table_name)
           where i.queue_name = ? and i.table_name = ? and i.local)
      select coalesce(md5(string_agg(part, ' ' order by part)), '')
        from (select concat_ws(',', t.oid, t.relowner, t.relacl) as part from t
              union all
              select concat_ws(',', a.attnum, a.xmin)
                from t join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum > 0
              union all
              select concat_ws(',', k.oid, k.xmin)
                from t join pg_catalog.pg_constraint k on t.oid in (k.conrelid, k.confrelid)
              union all
              select concat_ws(',', g.oid, g.xmin)
                from t join pg_catalog.pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
              union all
              select x.indexrelid::text
                from t join pg_catalog.pg_index x on x.indrelid = t.oid) parts
      """;

  private final Supplier<NodeSettings> settings;
  private final Database local;
  private final Clock clock;
  private final Map<TableName, Remembered> remembered = new ConcurrentHashMap<>();
  private volatile Map<TableName, Failed> cached = Map.of();
  private volatile Instant cachedUntil = Instant.MIN;
  private final AtomicLong changes = new AtomicLong();

  private record Remembered(int attempts, Instant next) {}

  /** Result of a transaction; {@code attempt} is empty where the database cannot store it. */
  private record Stored(boolean isOurs, Optional<FailedAttempt> attempt) {}

  public FailedCopies(Supplier<NodeSettings> settings, Database local, Clock clock) {
    this.settings = settings;
    this.local = local;
    this.clock = clock;
  }

  /**
   * A failed copy.
   *
   * @param attempts 1 or more
   * @param isDue true if it may be retried now
   */
  public record Failed(int attempts, boolean isDue) {}

  /**
   * The consequence of a failure.
   *
   * @param isCommitted true if the change of the table's state was committed
   */
  public record Verdict(FailedAttempt attempt, boolean isCommitted) {}

  /** The message for a failure, as the log and {@code status} print it. */
  public static String text(Exception failure) {
    return failure instanceof UserError error ? error.text() : String.valueOf(failure.getMessage());
  }

  /** Classifies a failure. A source that is not ready is temporary. */
  public static FaultKind kind(Exception failure) {
    return failure instanceof SourceNotReady ? FaultKind.TRANSIENT : FaultKind.of(failure);
  }

  /** All tables whose last attempt failed; the result may be half a second old. */
  Map<TableName, Failed> all() throws SQLException {
    if (clock.instant().isBefore(cachedUntil)) {
      return cached;
    }
    Instant until = clock.instant().plus(CACHE_TIME);
    long before = changes.get();
    Map<TableName, Failed> found = read();
    cached = found;
    cachedUntil = changes.get() == before ? until : Instant.MIN;
    return found;
  }

  private void forget() {
    changes.incrementAndGet();
    cachedUntil = Instant.MIN;
  }

  /** True unless the table has to wait before its next attempt. */
  public boolean isDue(TableName table) throws SQLException {
    Failed failed = all().get(table);
    return failed == null || failed.isDue();
  }

  private Map<TableName, Failed> read() throws SQLException {
    Map<TableName, Failed> all = new HashMap<>();
    Instant now = clock.instant();
    remembered.forEach(
        (table, memory) ->
            all.put(table, new Failed(memory.attempts(), !memory.next().isAfter(now))));
    String queue = settings.get().queueName();
    for (TableFault fault : local.ask(db -> TableFaults.list(db, queue))) {
      if (fault.kind().stopsTable()) {
        all.merge(
            fault.table(),
            new Failed(fault.attempts(), fault.isDue() || isChanged(fault, queue)),
            (one, other) ->
                new Failed(
                    Math.max(one.attempts(), other.attempts()), one.isDue() && other.isDue()));
      }
    }
    return all;
  }

  /** True if the table's structure has changed since the failure, so that it is retried at once. */
  private boolean isChanged(TableFault fault, String queue) throws SQLException {
    String before = fault.attributes().get(STRUCTURE);
    return before != null && !before.equals(local.ask(db -> structure(db, queue, fault.table())));
  }

  private static String structure(Connection db, String queue, TableName table)
      throws SQLException {
    return Sql.one(db, STRUCTURE_TEXT, row -> row.getString(1), queue, table.full());
  }

  /**
   * Stores a failed attempt and applies {@code change} to the table's state in one transaction.
   *
   * @param change returns false if the table no longer belongs to this worker; then nothing is
   *     stored
   * @return empty when nothing was stored because of {@code change}
   */
  public Optional<Verdict> failed(TableName table, Exception failure, SqlWork<Boolean> change) {
    try {
      return store(table, failure, text(failure), change);
    } catch (SQLException | RuntimeException e) {
      log.debug("{}: failure not stored: {}", table, e.getMessage());
    }
    try {
      // The database's encoding may lack a character of a message from another server.
      return store(table, failure, text(failure).replaceAll("[^\\x01-\\x7f]", "?"), change);
    } catch (SQLException | RuntimeException e) {
      log.debug("{}: failure not stored: {}", table, e.getMessage());
      return Optional.of(remember(table, failure, false));
    }
  }

  private Optional<Verdict> store(
      TableName table, Exception failure, String message, SqlWork<Boolean> change)
      throws SQLException {
    String queue = settings.get().queueName();
    Stored stored =
        local.call(
            db -> {
              Optional<TableFault> earlier =
                  TableFaults.find(db, queue, table, TableFault.Kind.COPY);
              if (!change.in(db)) {
                return new Stored(false, Optional.empty());
              }
              FailedAttempt attempt =
                  attempt(failure, earlier.map(TableFault::attempts).orElse(0) + 1);
              Duration pause = attempt.pause();
              Map<String, String> attributes = attributes(failure);
              attributes.put(STRUCTURE, structure(db, queue, table));
              boolean kept =
                  earlier.isPresent()
                      ? TableFaults.recordAgain(
                          db, queue, earlier.get(), message, pause, attributes)
                      : TableFaults.record(
                          db, queue, table, TableFault.Kind.COPY, message, pause, attributes);
              return new Stored(true, kept ? Optional.of(attempt) : Optional.empty());
            });
    if (stored.isOurs() && stored.attempt().isEmpty()) {
      return Optional.of(remember(table, failure, true));
    }
    remembered.remove(table);
    forget();
    return stored.attempt().map(attempt -> new Verdict(attempt, true));
  }

  /** The time from the first failed attempt to the last; zero if it is not known. */
  public Duration failingFor(Connection db, TableName table) throws SQLException {
    return TableFaults.find(db, settings.get().queueName(), table, TableFault.Kind.COPY)
        .map(fault -> Duration.between(fault.firstSeen(), fault.lastSeen()))
        .orElse(Duration.ZERO);
  }

  private Verdict remember(TableName table, Exception failure, boolean committed) {
    Remembered before = remembered.get(table);
    FailedAttempt attempt = attempt(failure, before == null ? 1 : before.attempts() + 1);
    remembered.put(table, new Remembered(attempt.number(), clock.instant().plus(attempt.pause())));
    forget();
    return new Verdict(attempt, committed);
  }

  private FailedAttempt attempt(Exception failure, int number) {
    FaultKind kind = kind(failure);
    Duration usual = Backoff.upTo(settings.get().job().exceptionSleep()).max();
    Backoff backoff = Backoff.upTo(kind.mayPass() ? usual : usual.multipliedBy(MAX_LASTING_PAUSE));
    return new FailedAttempt(failure, kind, number, backoff.pause(number));
  }

  private static Map<String, String> attributes(Exception failure) {
    Map<String, String> attributes = new HashMap<>();
    if (kind(failure).mayPass()) {
      attributes.put(TRANSIENT, "1");
    }
    if (failure instanceof SourceNotReady) {
      attributes.put(SOURCE_NOT_READY, "1");
    }
    if (failure instanceof SQLException e && !SqlFaults.state(e).isEmpty()) {
      attributes.put(SQLSTATE, SqlFaults.state(e));
    }
    return attributes;
  }

  /** Deletes the table's fault. */
  public void succeeded(TableName table) throws SQLException {
    remembered.remove(table);
    local.run(db -> TableFaults.clear(db, settings.get().queueName(), table, TableFault.Kind.COPY));
    forget();
  }
}
