package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * Refuses poolers in transaction or statement mode, which give a server session to another client
 * after each transaction. Our sessions hold locks, settings, prepared statements and LISTEN, which
 * would leak to other clients, and theirs to us. Poolers in session mode are accepted. Thread-safe.
 *
 * <p>How the mode is detected:
 *
 * <ol>
 *   <li>A pooler handles cancel requests itself and therefore gives its clients process ids of its
 *       own. If the id equals that of the server process, there is no such pooler.
 *   <li>Otherwise a second connection is opened. In session mode, the first connection keeps its
 *       server process, and the second never gets that process while the first is connected. A
 *       pooler in transaction mode violates one of the two: if it reuses the session used last, the
 *       second connection gets the process of the first; if it rotates sessions, the first gets
 *       another process.
 * </ol>
 */
final class SessionGuard {
  /** SQLSTATE of a refusal; the server has no such SQLSTATE. */
  static final String STATE = "JL001";

  /** Other clients of the pooler can hide its mode in a single round. */
  private static final int ROUNDS = 3;

  private volatile boolean isSessionMode;

  /** Opens a second connection to the same target, with a short timeout for each answer. */
  @FunctionalInterface
  interface SecondConnection {
    Connection open() throws SQLException;
  }

  /**
   * Throws with {@link #STATE} if server sessions are shared. Must be called before anything is set
   * in the session.
   */
  void check(Connection first, SecondConnection secondConnection) throws SQLException {
    int reportedPid = first.unwrap(PGConnection.class).getBackendPID();
    if (backendPid(first) == reportedPid || isSessionMode) {
      return;
    }
    try (Connection second = secondConnection.open()) {
      second.setAutoCommit(false);
      for (int round = 0; round < ROUNDS; round++) {
        check(first, second);
      }
    } catch (SQLException e) {
      throw e.getMessage() != null && e.getMessage().contains("pooling mode") ? refusal() : e;
    }
    isSessionMode = true;
  }

  private static void check(Connection first, Connection second) throws SQLException {
    int before = backendPid(first);
    // The query on the second connection begins a transaction, which keeps its process in use.
    if (backendPid(first) != before
        || backendPid(second) == before
        || backendPid(first) != before) {
      throw refusal();
    }
    second.rollback();
  }

  private static int backendPid(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_catalog.pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static SQLException refusal() {
    return new SQLException(
        "the connection pooler shares server sessions after each transaction (pool_mode ="
            + " transaction or statement); connect to the server itself, or to a pool with"
            + " pool_mode = session",
        STATE);
  }
}
