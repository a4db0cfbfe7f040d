package dev.jlondiste.ticker;

import dev.jlondiste.db.Quoting;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the ticker asks of a database. Stateless. All of it is called in autocommit: a tick must see
 * a snapshot of its own, the two steps of a rotation must be two transactions, and VACUUM runs in
 * none.
 */
final class TickerFunctions {
  /** Each part guarded by names, because nothing of it needs to exist. */
  private static final String INSPECT =
      """
      select pg_catalog.pg_is_in_recovery() as in_recovery,
             exists (select from pg_catalog.pg_namespace where nspname = 'pgq') as has_pgq,
             pg_catalog.to_regprocedure('pgq.version()') is not null as has_version,
             pg_catalog.to_regprocedure('pgq._notify_tick(text)') is not null as notifies,
             pg_catalog.to_regprocedure('pgq._ticker(text, boolean)') is not null
               as sees_late,
             pg_catalog.to_regprocedure('pg_catalog.pg_sequence_last_value(regclass)') is not null
               as reads_sequences
      """;

  private static final String LOCAL_QUEUES =
      """
      select queue_name
        from pgq.queue
       where not queue_external_ticker and not queue_ticker_paused
       order by queue_name
      """;

  /**
   * Queues that want to tick more often than the period, how many new events they have, whether
   * events came late, and whether their last tick is old: the cheap half of what {@code pgq.ticker}
   * decides, for looking often. How to read a sequence, and whether events are late, is left open.
   * The period is no parameter, so that the server plans it once and not for each value anew.
   */
  private static final String HURRIED_QUEUES =
      """
      select q.queue_name,
             pg_catalog.date_part('epoch', q.queue_ticker_max_lag) as lag,
             pg_catalog.clock_timestamp() - last.tick_time >= q.queue_ticker_max_lag as old,
             new.waiting,
             case when new.waiting > 0 then false else %2$s end as late
        from pgq.queue q
        join lateral (select t.tick_time, t.tick_event_seq, t.tick_snapshot, t.xmin
                        from pgq.tick t
                       where t.tick_queue = q.queue_id
                       order by t.tick_queue desc, t.tick_id desc
                       limit 1) last on true
        join lateral (select %1$s - last.tick_event_seq as waiting
                      offset 0) new on true
       where not q.queue_external_ticker and not q.queue_ticker_paused
         and q.queue_ticker_max_lag < interval '%3$s milliseconds'
      """;

  /** Any server: plans a query each time. */
  private static final String BY_QUERY = "pgq.seq_getval(q.queue_event_seq)";

  /** The same from PostgreSQL 10 on; a sequence that was never used has no last value there. */
  private static final String BY_FUNCTION =
      """
      coalesce(pg_catalog.pg_sequence_last_value(
                   pg_catalog.to_regclass(pgq.quote_fqname(q.queue_event_seq))), 1)""";

  /** The function's own first question, asked here, because calling it costs more than the rest. */
  private static final String LATE =
      """
      case when pg_catalog.txid_snapshot_xmin(last.tick_snapshot)
                    = pg_catalog.txid_snapshot_xmax(last.tick_snapshot)
                and pg_catalog.txid_snapshot_xmax(last.tick_snapshot) & 4294967295
                    = last.xmin::text::bigint
           then false
           else pgq._has_late_events(q.queue_id) end""";

  private static final String TICK_AND_NOTIFY =
      """
      select case when tick is not null
                  then pg_catalog.pg_notify('pgq_tick', pg_catalog.left(queue, 1750))::text end,
             tick is not null
        from (select pgq.ticker(q) as tick, q as queue
                from (select ?::text as q offset 0) one
              offset 0) ticked
      """;

  private TickerFunctions() {}

  /**
   * What a database is to a ticker.
   *
   * @param version of PgQ; empty when there is none, or when it does not say
   * @param sql what the SQL code there does by itself
   */
  record Inspection(
      boolean inRecovery, boolean hasPgq, Optional<String> version, SqlAbilities sql) {}

  /**
   * What ours does, and that of others, or an older one of ours, may not.
   *
   * @param notifies sends a notification with each tick
   * @param seesLate can tick for events whose numbers the last tick had counted already
   * @param readsSequences the server has a function for it
   */
  record SqlAbilities(boolean notifies, boolean seesLate, boolean readsSequences) {
    static final SqlAbilities NONE = new SqlAbilities(false, false, false);

    String lowLatencyQueues(Duration period) {
      return HURRIED_QUEUES.formatted(
          seesLate && readsSequences ? BY_FUNCTION : BY_QUERY,
          seesLate ? LATE : "false",
          period.toMillis());
    }
  }

  static Inspection inspect(Connection db) throws SQLException {
    boolean[] hasVersion = new boolean[1];
    Inspection found =
        Sql.one(
            db,
            INSPECT,
            row -> {
              hasVersion[0] = row.getBoolean("has_version");
              return new Inspection(
                  row.getBoolean("in_recovery"),
                  row.getBoolean("has_pgq"),
                  Optional.empty(),
                  new SqlAbilities(
                      row.getBoolean("notifies"),
                      row.getBoolean("sees_late"),
                      row.getBoolean("reads_sequences")));
            });
    return hasVersion[0]
        ? new Inspection(found.inRecovery(), found.hasPgq(), version(db), found.sql())
        : found;
  }

  private static Optional<String> version(Connection db) throws SQLException {
    return Sql.one(db, "select pgq.version()", row -> Optional.ofNullable(row.getString(1)));
  }

  static void unlockAll(Connection db) throws SQLException {
    Sql.run(db, "select pg_catalog.pg_advisory_unlock_all()");
  }

  /** Ticks every local queue that is due; returns how many that were. */
  static long tickAll(Connection db) throws SQLException {
    return Sql.one(db, "select pgq.ticker()", row -> row.getLong(1));
  }

  /** Ticks one queue if it is due. */
  static boolean tick(Connection db, String queue) throws SQLException {
    return Sql.one(db, "select pgq.ticker(?::text) is not null", row -> row.getBoolean(1), queue);
  }

  /** As {@link #tick}, also for events that came late; where the SQL code sees them. */
  static boolean tickLate(Connection db, String queue) throws SQLException {
    return Sql.one(
        db, "select pgq._ticker(?::text, true) is not null", row -> row.getBoolean(1), queue);
  }

  /** As {@link #tick}, and tells who listens; for SQL code that does not do it itself. */
  static boolean tickAndNotify(Connection db, String queue) throws SQLException {
    return Sql.one(db, TICK_AND_NOTIFY, row -> row.getBoolean(2), queue);
  }

  static List<String> localQueues(Connection db) throws SQLException {
    return Sql.list(db, LOCAL_QUEUES, row -> row.getString(1));
  }

  /**
   * A queue that wants to tick more often than the period.
   *
   * @param old its last tick is older than it wants
   * @param waiting events since then
   * @param late none since then, but there may be some that the last tick counted without seeing
   *     them
   */
  record LowLatencyQueue(String queue, Duration lag, boolean old, long waiting, boolean late) {
    boolean isOverdue() {
      return old && (waiting > 0 || late);
    }
  }

  static List<LowLatencyQueue> lowLatencyQueues(Connection db, Duration period, SqlAbilities sql)
      throws SQLException {
    return Sql.list(
        db,
        sql.lowLatencyQueues(period),
        row ->
            new LowLatencyQueue(
                row.getString("queue_name"),
                Duration.ofNanos(Math.round(row.getDouble("lag") * 1e9)),
                row.getBoolean("old"),
                row.getLong("waiting"),
                row.getBoolean("late")));
  }

  /** Moves up to ten due events back into their queues; returns how many that were. */
  static long moveRetryEvents(Connection db) throws SQLException {
    return Sql.one(db, "select * from pgq.maint_retry_events()", row -> row.getLong(1));
  }

  /** One thing to do: a function's name, or {@code vacuum}, and what to do it with. */
  record Operation(String name, @Nullable String argument) {
    boolean isVacuum() {
      String lower = name.toLowerCase(Locale.ROOT);
      return lower.equals("vacuum") || lower.equals("vacuum analyze");
    }

    @Override
    public String toString() {
      return name + "(" + (argument == null ? "" : argument) + ")";
    }
  }

  static List<Operation> operations(Connection db) throws SQLException {
    return Sql.list(
        db,
        "select func_name, func_arg from pgq.maint_operations()",
        row -> new Operation(row.getString("func_name"), row.getString("func_arg")));
  }

  /** True when the operation asks to be done again: the first value starts with a number but 0. */
  static boolean perform(Connection db, Operation operation) throws SQLException {
    String argument = operation.argument();
    if (operation.isVacuum()) {
      String table = argument == null ? "" : " " + TableName.parse(argument).quoted();
      Sql.run(db, operation.name() + table);
      return false;
    }
    String function = quoteFunction(operation.name());
    try (PreparedStatement call =
        db.prepareStatement("select " + function + (argument == null ? "()" : "(?)"))) {
      if (argument != null) {
        call.setString(1, argument);
      }
      try (ResultSet rows = call.executeQuery()) {
        return rows.next() && leadingInteger(rows.getString(1)) != 0;
      }
    }
  }

  private static String quoteFunction(String name) {
    return name.indexOf('.') < 0 ? Quoting.identifier(name) : TableName.parse(name).quoted();
  }

  /** As C reads it: what does not start with a number is 0, such as a composite's {@code (}. */
  static long leadingInteger(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    String trimmed = text.strip();
    int end = trimmed.startsWith("-") || trimmed.startsWith("+") ? 1 : 0;
    int start = end;
    while (end < trimmed.length() && end < 18 && Character.isDigit(trimmed.charAt(end))) {
      end++;
    }
    return end == start ? 0 : Long.parseLong(trimmed.substring(0, end));
  }
}
