package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * Refuses poolers that give a server session to others between two transactions. Our sessions hold
 * locks, settings, prepared statements and LISTEN: others would get them, and we those of others. A
 * pooler that keeps a session for as long as its client stays is fine. Used by many threads.
 *
 * <p>How it finds out:
 *
 * <ol>
 *   <li>A pooler answers cancel requests itself, so it gives its clients process ids that it has
 *       made up. Where the id is that of the server process, nothing is in between that could
 *       matter.
 *   <li>Otherwise a second client connects. While the first one is idle but connected, the second
 *       must not meet the server process of the first, nor may the first ever meet another one than
 *       before. A pooler gives either the session that was used last, and an idle one betrays
 *       itself by the former; or sessions take turns, or others use them, and it does so by the
 *       latter.
 * </ol>
 */
final class SessionGuard {
  /** Of a refusal; no SQLSTATE of the server's. */
  static final String STATE = "JL001";

  /** One round would do for the only user of a pooler. */
  private static final int ROUNDS = 3;

  private volatile boolean sessionsStay;

  /** A further connection to the same place, with a short limit for each answer. */
  @FunctionalInterface
  interface Another {
    Connection open() throws SQLException;
  }

  /** Throws with {@link #STATE} when sessions do not stay; before anything was set in them. */
  void check(Connection first, Another another) throws SQLException {
    int told = first.unwrap(PGConnection.class).getBackendPID();
    if (process(first) == told || sessionsStay) {
      return;
    }
    try (Connection second = another.open()) {
      second.setAutoCommit(false);
      for (int round = 0; round < ROUNDS; round++) {
        check(first, second);
      }
    } catch (SQLException e) {
      throw e.getMessage() != null && e.getMessage().contains("pooling mode") ? refusal() : e;
    }
    sessionsStay = true;
  }

  private static void check(Connection first, Connection second) throws SQLException {
    int before = process(first);
    if (process(first) != before // sessions take turns
        || process(second) == before // which begins a transaction
        || process(first) != before) {
      throw refusal();
    }
    second.rollback();
  }

  private static int process(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_catalog.pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static SQLException refusal() {
    return new SQLException(
        "a connection pooler there gives the server's session to others after each transaction"
            + " (pool_mode = transaction or statement); connect to the server itself, or to a pool with"
            + " pool_mode = session",
        STATE);
  }
}
