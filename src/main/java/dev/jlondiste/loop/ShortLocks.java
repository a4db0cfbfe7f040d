package dev.jlondiste.loop;

import dev.jlondiste.db.LockHolders;
import dev.jlondiste.db.Sql;
import dev.jlondiste.db.SqlAction;
import dev.jlondiste.db.SqlFaults;
import dev.jlondiste.db.SqlWork;
import dev.jlondiste.fault.UserError;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acquires locks that block writers. All such locks are acquired by this class.
 *
 * <p>A session that waits for a lock blocks all later sessions that request a conflicting lock on
 * the table, even if they do not conflict with the present holder. Therefore each attempt waits
 * {@link #ATTEMPT} at most and then releases its locks; in the pause that follows, the sessions
 * that queued behind it acquire theirs. The attempts end when the timeout has passed. Each attempt
 * is a savepoint: earlier work of the transaction stays, the work of a failed attempt is rolled
 * back with its locks. Used by one thread.
 */
public final class ShortLocks {
  /**
   * How long an attempt waits for each lock. An attempt may lock two tables one after the other and
   * then work for some milliseconds, which together takes well below a second.
   */
  public static final Duration ATTEMPT = Duration.ofMillis(300);

  private static final Logger log = LoggerFactory.getLogger(ShortLocks.class);
  private static final Duration FIRST_REPORT = Duration.ofSeconds(3);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);

  /**
   * Half to one and a half of 200 ms, 400 ms, …, 1 s: jitter, because other programs may retry at
   * the same intervals.
   */
  private static final Backoff PAUSES =
      new Backoff(Duration.ofMillis(300), 2, Duration.ofMillis(1500), 2.0 / 3);

  private static final String SAVEPOINT = "jlondiste_short_lock";

  /**
   * Autovacuum releases its lock only for sessions that wait longer than {@code deadlock_timeout},
   * by default one second. A superuser can shorten that; for other roles the autovacuum is listed
   * among the blocking sessions.
   */
  private static final String BEGIN_ATTEMPT =
      """
      select pg_catalog.set_config('lock_timeout', ?, true),
             case when r.rolsuper then pg_catalog.set_config('deadlock_timeout', '100ms', true) end
        from pg_catalog.pg_roles r
       where r.rolname = current_user
      """;

  private final Duration timeout;
  private final StopSignal stop;
  private final String advice;

  private ShortLocks(Duration timeout, StopSignal stop, String advice) {
    this.timeout = timeout;
    this.stop = stop;
    this.advice = advice;
  }

  /** For a command whose timeout is an option; zero means no limit. */
  public static ShortLocks ofCommand(Duration timeout) {
    return new ShortLocks(timeout, new StopSignal(), ", or try for longer: --lock-wait=SECONDS");
  }

  /** For work that is repeated automatically or manually. A requested {@code stop} ends it, too. */
  public static ShortLocks of(Duration timeout, StopSignal stop) {
    return new ShortLocks(timeout, stop, ", and repeat the command");
  }

  /**
   * Repeats {@code work} until it gets its locks.
   *
   * @param db in a transaction, or about to begin one; it stays open
   * @param tables the locked tables, quoted, with schema: used to name the blocking sessions
   * @param work rolled back as a whole if a lock is not acquired, so it must not log its results
   * @throws UserError after the timeout; it names the blocking sessions. The transaction can
   *     continue.
   */
  public <T> T call(Connection db, List<String> tables, LockHolders.Mode mode, SqlWork<T> work)
      throws SQLException {
    String before = Sql.one(db, "select current_setting('lock_timeout')", row -> row.getString(1));
    long begin = System.nanoTime();
    Duration nextReport = FIRST_REPORT;
    Sql.run(db, "savepoint " + SAVEPOINT);
    for (int attempt = 1; ; attempt++) {
      try {
        Sql.run(db, BEGIN_ATTEMPT, ATTEMPT.toMillis() + "ms");
        T result = work.in(db);
        Sql.run(db, "select pg_catalog.set_config('lock_timeout', ?, true)", before);
        Sql.run(db, "release savepoint " + SAVEPOINT);
        return result;
      } catch (SQLException e) {
        if (!isInTheWay(e)) {
          throw e;
        }
        Sql.run(db, "rollback to savepoint " + SAVEPOINT);
        List<String> holders = LockHolders.of(db, tables, mode);
        Duration waited = Duration.ofNanos(System.nanoTime() - begin);
        if (!timeout.isZero() && waited.compareTo(timeout) >= 0) {
          throw inTheWay(tables, holders, e);
        }
        if (waited.compareTo(nextReport) >= 0) {
          nextReport = waited.plus(BETWEEN_REPORTS);
          log.warn(
              "{}: waiting for a lock since {} s, in short attempts that let writers pass{}",
              name(tables),
              waited.toSeconds(),
              list(holders));
        }
        pause(attempt, e);
      }
    }
  }

  /** As {@link #call}, without a result. */
  public void run(Connection db, List<String> tables, LockHolders.Mode mode, SqlAction work)
      throws SQLException {
    call(
        db,
        tables,
        mode,
        session -> {
          work.in(session);
          return true;
        });
  }

  /**
   * Locks several tables in {@code access exclusive} mode. Must be called within {@link #call}. All
   * locks must be acquired within one attempt, because writers to the first table would otherwise
   * wait for each of the others. Tables that the role is not allowed to lock are skipped.
   */
  public static void lockAll(Connection db, List<String> tables) throws SQLException {
    long begin = System.nanoTime();
    for (String table : mayLock(db, tables)) {
      long left = ATTEMPT.minusNanos(System.nanoTime() - begin).toMillis();
      Sql.run(
          db, "select pg_catalog.set_config('lock_timeout', ?, true)", Math.max(1, left) + "ms");
      Sql.run(db, "lock table " + table + " in access exclusive mode");
    }
    Sql.run(db, "select pg_catalog.set_config('lock_timeout', ?, true)", ATTEMPT.toMillis() + "ms");
  }

  private static List<String> mayLock(Connection db, List<String> tables) throws SQLException {
    return Sql.list(
        db,
        """
        select case when exists (select 1 from pg_catalog.pg_class c
                                  where c.oid = pg_catalog.to_regclass(t.name) and c.relkind = 'p')
                    then '' else 'only ' end || t.name
          from pg_catalog.unnest(?::text[]) with ordinality t (name, nr)
         where pg_catalog.has_table_privilege(pg_catalog.to_regclass(t.name)::oid,
                                              'update, delete, truncate')
         order by t.nr
        """,
        row -> row.getString(1),
        tables);
  }

  /** A lock timeout, a deadlock, or a concurrent update of a catalog row. */
  private static boolean isInTheWay(SQLException e) {
    String state = SqlFaults.state(e);
    return state.equals("55P03")
        || state.equals("40P01")
        || (state.equals("XX000") && String.valueOf(e.getMessage()).contains("tuple concurrently"));
  }

  private UserError inTheWay(List<String> tables, List<String> holders, SQLException cause) {
    return new UserError(
        "%s could not be locked within %d s%s"
            .formatted(
                name(tables),
                timeout.toSeconds(),
                holders.isEmpty() ? ": " + cause.getMessage() : list(holders)),
        "nothing was changed; wait until these transactions end, or end them (select"
            + " pg_terminate_backend(PID))"
            + advice,
        cause);
  }

  private static String name(List<String> tables) {
    return tables.size() <= 3
        ? String.join(", ", tables).replace("\"", "")
        : "one of " + tables.size() + " tables";
  }

  private static String list(List<String> holders) {
    return holders.isEmpty() ? "" : "; in the way:\n  " + String.join("\n  ", holders);
  }

  private void pause(int attempt, SQLException cause) throws SQLException {
    try {
      if (!stop.await(PAUSES.pause(attempt))) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SQLException("stopped while waiting for a lock", "57014", cause);
  }
}
