package dev.jlondiste.admin.takeover.clients;

import dev.jlondiste.db.SessionMark;
import dev.jlondiste.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The sessions of applications in a database: those of clients that neither have our {@link
 * SessionMark} nor the name of a consumer or ticker. Replication of the server and its background
 * processes are not clients. Stateless; the caller owns the transaction.
 */
final class ApplicationSessions {
  /** Server processes of clients have a port in every version; -1 for a Unix socket. */
  private static final String SESSIONS =
      """
        from pg_catalog.pg_stat_activity a
        left join pg_catalog.pg_roles r on r.oid = a.usesysid
       where a.datname = pg_catalog.current_database()
         and a.pid <> pg_catalog.pg_backend_pid()
         and a.usesysid is not null
         and a.pid <> all (?::text[]::int[])
         and a.pid not in (select w.pid from pg_catalog.pg_stat_get_wal_senders() w)
         and a.application_name <> 'pgqd'
         and a.application_name not in (select c.co_name from pgq.consumer c)
      """;

  /** The type of sessions of other roles is hidden, but for superusers and monitoring roles. */
  private static final String IS_CLIENT_10 =
      " and coalesce(a.backend_type, 'client backend') = 'client backend'";

  /** Also hidden, as are their ports. */
  private static final String IS_CLIENT_96 =
      """
         and not exists (select 1 from pg_catalog.pg_stat_get_activity(a.pid) p
                          where p.client_port is null and p.query <> '<insufficient privilege>')
      """;

  private static final String MAY_END =
      """
        (pg_catalog.pg_has_role(a.usesysid, 'USAGE')
         or pg_catalog.pg_has_role('pg_signal_backend', 'USAGE') and not coalesce(r.rolsuper, false))
      """;

  private ApplicationSessions() {}

  private static String sessions(Connection db) throws SQLException {
    return SESSIONS
        + (db.getMetaData().getDatabaseMajorVersion() >= 10 ? IS_CLIENT_10 : IS_CLIENT_96);
  }

  private static List<String> ours(Connection db) throws SQLException {
    return SessionMark.pids(db).stream().map(String::valueOf).toList();
  }

  /** Ends all sessions that this role may end; returns their number. */
  static long end(Connection db) throws SQLException {
    return Sql.one(
        db,
        "select pg_catalog.count(pg_catalog.pg_terminate_backend(a.pid))"
            + sessions(db)
            + " and "
            + MAY_END,
        row -> row.getLong(1),
        ours(db));
  }

  /** The sessions that this role is not allowed to end, a line each. */
  static List<String> notAllowed(Connection db) throws SQLException {
    return Sql.list(
        db,
        "select a.pid, a.usename, a.application_name" + sessions(db) + " and not " + MAY_END,
        ApplicationSessions::describe,
        ours(db));
  }

  private static String describe(ResultSet row) throws SQLException {
    return "pid %s, user %s, application \"%s\""
        .formatted(
            row.getString("pid"), row.getString("usename"), row.getString("application_name"));
  }
}
