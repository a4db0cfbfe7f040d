package dev.jlondiste.admin.takeover;

import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.admin.waiting.Wait;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Transactions whose snapshot is older than the closing of a root with the SQL of PgQ. That SQL
 * reads its flag in the snapshot, so a transaction with isolation level repeatable read or
 * serializable could still insert an event after the last tick. A snapshot of another role is
 * visible to members of {@code pg_read_all_stats} only.
 */
final class OldSnapshots {
  private static final Duration PERIOD = Duration.ofMillis(20);

  /** The virtual transaction id distinguishes the transactions of a session. */
  private static final String RUNNING =
      """
      select l.virtualxid,
             'pid ' || a.pid || ', user ' || a.usename || ', application "' || a.application_name
             || '": ' || pg_catalog.left(pg_catalog.regexp_replace(a.query, '\\s+', ' ', 'g'), 100)
        from pg_catalog.pg_locks l
        join pg_catalog.pg_stat_activity a on a.pid = l.pid
       where l.locktype = 'virtualxid' and l.granted
         and a.datname = pg_catalog.current_database()
         and a.pid <> pg_catalog.pg_backend_pid()
         and a.backend_xmin is not null
      """;

  private final Map<String, String> open;

  private OldSnapshots(Map<String, String> open) {
    this.open = open;
  }

  /** Those that exist now, right after the flag was set. */
  static OldSnapshots of(Connection root) throws SQLException {
    return new OldSnapshots(running(root));
  }

  private static Map<String, String> running(Connection root) throws SQLException {
    Map<String, String> running = new HashMap<>();
    Sql.list(root, RUNNING, row -> running.put(row.getString(1), row.getString(2)));
    return running;
  }

  /** Waits until all have ended; returns false if the deadline passes first. */
  boolean awaitEnd(MemberSession session, Deadline deadline)
      throws SQLException, InterruptedException {
    return new Wait("transactions with old snapshots", List::of)
        .every(PERIOD)
        .atMost(deadline)
        .until(
            () -> {
              open.keySet().retainAll(session.call(OldSnapshots::running).keySet());
              return open.isEmpty();
            });
  }

  /** Describes those that have not ended, a line each. */
  List<String> lines() {
    return open.values().stream().sorted().toList();
  }
}
