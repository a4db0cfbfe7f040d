package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Marks every session of this program, so that another session of the same database recognizes it,
 * whatever its {@code application_name} and role are. The mark is a shared advisory lock, which all
 * of these sessions hold as long as they are connected. Stateless; the caller owns the connection.
 */
public final class SessionMark {
  private static final long KEY = AdvisoryLock.named("jlondiste session").key();

  /** An expression that takes the mark; it never waits. */
  static final String TAKE = "pg_catalog.pg_try_advisory_lock_shared(" + KEY + ")";

  private static final String PIDS =
      """
      select l.pid
        from pg_catalog.pg_locks l
       where l.locktype = 'advisory' and l.granted and l.objsubid = 1
         and l.database = (select d.oid from pg_catalog.pg_database d
                            where d.datname = pg_catalog.current_database())
         and ((l.classid::bigint << 32) | l.objid::bigint) = ?
      """;

  private SessionMark() {}

  /** The server processes of the marked sessions of this database. */
  public static List<Integer> pids(Connection db) throws SQLException {
    return Sql.list(db, PIDS, row -> row.getInt(1), KEY);
  }
}
