package dev.jlondiste.admin.takeover;

import dev.jlondiste.db.Sql;
import dev.jlondiste.fault.Hint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions that have written events of a queue and have lasted long. The root cannot close
 * before they end.
 */
final class LongWriters {
  private static final Logger log = LoggerFactory.getLogger(LongWriters.class);

  /**
   * A prepared transaction holds its locks without a process. A transaction without a time has
   * ended since its lock was read, or the role may not see it.
   */
  private static final String FIND =
      """
      select l.pid, x.gid, a.usename, a.application_name, a.state,
             extract(epoch from pg_catalog.clock_timestamp() - coalesce(a.xact_start, x.prepared)),
             pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 100)
        from (select distinct l.pid, l.virtualtransaction
                from pg_catalog.pg_locks l
                join pg_catalog.pg_inherits i on i.inhrelid = l.relation
                join pgq.queue q on i.inhparent = pg_catalog.to_regclass(
                                        pgq.quote_fqname(q.queue_data_pfx))::oid
               where q.queue_name = ?
                 and l.locktype = 'relation' and l.granted
                 and l.mode not in ('AccessShareLock', 'RowShareLock')
                 and l.database = (select d.oid from pg_catalog.pg_database d
                                    where d.datname = pg_catalog.current_database())
                 and l.pid is distinct from pg_catalog.pg_backend_pid()) l
        left join pg_catalog.pg_stat_activity a on a.pid = l.pid
        left join pg_catalog.pg_locks own
          on l.pid is null and own.locktype = 'transactionid'
             and own.virtualtransaction = l.virtualtransaction
        left join pg_catalog.pg_prepared_xacts x on x.transaction = own.transactionid
       where coalesce(a.xact_start, x.prepared)
             < pg_catalog.clock_timestamp() - ? * interval '1 millisecond'
       order by 6 desc
       limit 10
      """;

  /** An idle session has no statement to cancel. */
  private static final String END =
      """
      select case when a.state = 'active' then pg_catalog.pg_cancel_backend(a.pid)
                  else pg_catalog.pg_terminate_backend(a.pid) end
        from pg_catalog.pg_stat_activity a
       where a.pid = ?
      """;

  /** The roles exist from version 10 on; before that only superusers see and end others. */
  private static final String MISSING_ROLES =
      """
      select n.name
        from (values ('pg_read_all_stats'), ('pg_signal_backend')) n (name)
        left join pg_catalog.pg_roles r on r.rolname = n.name
       where not (select u.rolsuper from pg_catalog.pg_roles u
                   where u.rolname = current_user)
         and not coalesce(pg_catalog.pg_has_role(r.oid, 'USAGE'), false)
       order by 1
      """;

  private LongWriters() {}

  /**
   * A transaction.
   *
   * @param pid 0 for a prepared transaction
   * @param text describes it for the operator
   */
  record Writer(int pid, String text) {
    /** A prepared transaction has no session; only its application may decide about it. */
    boolean canBeEnded() {
      return pid != 0;
    }
  }

  /**
   * Returns at most ten, the oldest first. Leaves out those of other roles, unless this one is a
   * member of {@code pg_read_all_stats}.
   */
  static List<Writer> find(Connection db, String queue, Duration age) throws SQLException {
    return Sql.list(db, FIND, LongWriters::read, queue, age.toMillis());
  }

  private static Writer read(ResultSet row) throws SQLException {
    int pid = row.getInt(1);
    long seconds = Math.round(row.getDouble(6));
    if (row.getString(2) != null) {
      return new Writer(
          0, "prepared transaction '%s', %d s old".formatted(row.getString(2), seconds));
    }
    String query = row.getString(7);
    return new Writer(
        pid,
        "pid %d, user %s, application \"%s\", %s, transaction open for %d s%s"
            .formatted(
                pid,
                row.getString(3),
                row.getString(4),
                row.getString(5),
                seconds,
                query == null || query.isBlank() ? "" : ": " + query.strip()));
  }

  /** Returns why {@link #end} would not reach the transactions of other roles, a line each. */
  static List<String> obstaclesToEnd(Connection db) throws SQLException {
    List<String> missing = Sql.list(db, MISSING_ROLES, row -> row.getString(1));
    return missing.isEmpty()
        ? List.of()
        : List.of(
            Hint.after(
                "--long-transactions=cancel: this role may not see and end the transactions of"
                    + " other roles",
                "grant %s to it (from PostgreSQL 10 on), or use --long-transactions=wait"
                    .formatted(String.join(", ", missing))));
  }

  /** Cancels the statements of active sessions and ends sessions that are idle in transaction. */
  static void end(Connection db, List<Writer> writers) throws SQLException {
    for (Writer writer : writers) {
      log.warn("Ending a long transaction: {}", writer.text());
      Sql.list(db, END, row -> row.getBoolean(1), writer.pid());
    }
  }
}
