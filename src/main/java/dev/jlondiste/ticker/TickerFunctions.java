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
 * The statements of the ticker. Stateless. All must be called in autocommit mode: each tick needs a
 * snapshot of its own, the two steps of a rotation must be two transactions, and VACUUM cannot run
 * in a transaction block.
 */
final class TickerFunctions {
  /** Looks up each object by name, because none of them needs to exist. */
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
   * Queues whose maximum lag is shorter than the ticker period, with their number of new events,
   * whether there are late events, and whether the last tick is old. This is the cheap part of the
   * decision of {@code pgq.ticker}, for frequent polls. Placeholders: 1 reads the event sequence, 2
   * detects late events, 3 is the period, which is not a parameter so that the server reuses the
   * plan.
   */
  private static final String LOW_LATENCY_QUEUES =
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

  /** For any server; plans a query in each call. */
  private static final String BY_QUERY = "pgq.seq_getval(q.queue_event_seq)";

  /** The same since PostgreSQL 10, where an unused sequence has no last value. */
  private static final String BY_FUNCTION =
      """
      coalesce(pg_catalog.pg_sequence_last_value(
                   pg_catalog.to_regclass(pgq.quote_fqname(q.queue_event_seq))), 1)\
      """;

  /**
   * Repeats the first condition of the function, because a call costs more than the rest of the
   * query.
   */
  private static final String HAS_LATE_EVENTS =
      """
      case when pg_catalog.txid_snapshot_xmin(last.tick_snapshot)
                    = pg_catalog.txid_snapshot_xmax(last.tick_snapshot)
                and pg_catalog.txid_snapshot_xmax(last.tick_snapshot) & 4294967295
                    = last.xmin::text::bigint
           then false
           else pgq._has_late_events(q.queue_id) end\
      """;

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
   * Properties of a database that a ticker depends on.
   *
   * @param version of PgQ; empty if there is none, or if it has no version function
   * @param sql features of the SQL code in that database
   */
  record Inspection(
      boolean inRecovery, boolean hasPgq, Optional<String> version, SqlAbilities sql) {}

  /**
   * Features of our SQL code that the original, or an older release of ours, may not have.
   *
   * @param notifies {@code pgq.ticker} sends a notification with each tick
   * @param handlesLateEvents can tick for late events: those whose ids were already counted by the
   *     last tick
   * @param readsSequences the server has {@code pg_sequence_last_value}
   */
  record SqlAbilities(boolean notifies, boolean handlesLateEvents, boolean readsSequences) {
    static final SqlAbilities NONE = new SqlAbilities(false, false, false);

    String lowLatencyQueues(Duration period) {
      return LOW_LATENCY_QUEUES.formatted(
          handlesLateEvents && readsSequences ? BY_FUNCTION : BY_QUERY,
          handlesLateEvents ? HAS_LATE_EVENTS : "false",
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

  /** Ticks every local queue that is due; returns their number. */
  static long tickAll(Connection db) throws SQLException {
    return Sql.one(db, "select pgq.ticker()", row -> row.getLong(1));
  }

  /** Ticks the queue if it is due; returns whether it was. */
  static boolean tick(Connection db, String queue) throws SQLException {
    return Sql.one(db, "select pgq.ticker(?::text) is not null", row -> row.getBoolean(1), queue);
  }

  /** As {@link #tick}, also for late events; requires {@link SqlAbilities#handlesLateEvents}. */
  static boolean tickLate(Connection db, String queue) throws SQLException {
    return Sql.one(
        db, "select pgq._ticker(?::text, true) is not null", row -> row.getBoolean(1), queue);
  }

  /** As {@link #tick}, and sends the notification, for SQL code that does not. */
  static boolean tickAndNotify(Connection db, String queue) throws SQLException {
    return Sql.one(db, TICK_AND_NOTIFY, row -> row.getBoolean(2), queue);
  }

  static List<String> localQueues(Connection db) throws SQLException {
    return Sql.list(db, LOCAL_QUEUES, row -> row.getString(1));
  }

  /**
   * A queue whose maximum lag is shorter than the ticker period.
   *
   * @param isOld its last tick is older than its maximum lag
   * @param waiting number of events since its last tick
   * @param mayHaveLateEvents no events since the last tick, but there may be late ones, which it
   *     counted but did not see
   */
  record LowLatencyQueue(
      String queue, Duration lag, boolean isOld, long waiting, boolean mayHaveLateEvents) {
    boolean isOverdue() {
      return isOld && (waiting > 0 || mayHaveLateEvents);
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

  /** Moves up to ten due events back to their queues; returns their number. */
  static long moveRetryEvents(Connection db) throws SQLException {
    return Sql.one(db, "select * from pgq.maint_retry_events()", row -> row.getLong(1));
  }

  /** A maintenance operation: the name of a function, or {@code vacuum}, and its argument. */
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

  /**
   * Runs the operation. Returns true if it requests its repetition: the first value begins with a
   * number other than 0.
   */
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

  /**
   * Parses as C's {@code atol} does: a text that does not begin with a number, such as a composite
   * value, is 0.
   */
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
