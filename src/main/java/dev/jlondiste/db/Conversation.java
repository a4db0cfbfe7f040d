package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a connection can be used again after a failure, and closes it if not.
 *
 * <p>The server answers statements in order, and an answer does not name its statement. A
 * connection therefore becomes unusable in two cases: an answer was not read to its end (the next
 * statement would get the rest of it), or a cancel request was sent (it can arrive late and cancel
 * the next statement). Such a connection is cut: every pool, ours or an application's, finds it
 * closed and drops it. A connection whose last answer was a server error is intact and only needs a
 * rollback.
 *
 * <p>{@link CopyOutput}, {@link CopyInput} and the pools behind {@link Database} apply this; code
 * that keeps a connection by itself calls {@link #cutUnlessIntact}. Stateless and thread-safe.
 */
public final class Conversation {
  private static final Logger log = LoggerFactory.getLogger(Conversation.class);

  /** Errors with which the server ends the session. */
  private static final Set<String> SESSION_ENDED =
      Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04");

  private static final int MAX_CHAIN_LENGTH = 20;

  private Conversation() {}

  /**
   * True if the server itself reported the failure and keeps the session open, so its answer was
   * read to the end. Any other failure may have interrupted the reading of an answer.
   */
  public static boolean isIntact(SQLException failure) {
    boolean isServerError = false;
    SQLException next = failure;
    for (int i = 0; next != null && i < MAX_CHAIN_LENGTH; i++) {
      if (next instanceof PSQLException driver) {
        if (driver.getServerErrorMessage() == null || endsSession(driver)) {
          return false;
        }
        isServerError = true;
      }
      next = nextInChain(next);
    }
    return isServerError;
  }

  private static boolean endsSession(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || SESSION_ENDED.contains(state);
  }

  /**
   * The driver chains failures; JDBC batches and our wrappers have the driver's failure as their
   * cause.
   */
  private static @Nullable SQLException nextInChain(SQLException e) {
    if (e.getNextException() != null) {
      return e.getNextException();
    }
    return !(e instanceof PSQLException) && e.getCause() instanceof SQLException cause
        ? cause
        : null;
  }

  /**
   * Marks the connection as used, so that its pool rolls back when it is returned. Pools track only
   * statements that they created, and COPY bypasses those. An empty batch costs no round trip.
   */
  static void markUsed(Connection db) throws SQLException {
    try (Statement nothing = db.createStatement()) {
      nothing.executeBatch();
    }
  }

  /** Closes the connection if {@code failure} may leave an unread answer on it. */
  public static void cutUnlessIntact(Connection db, Throwable failure) {
    if (!(failure instanceof SQLException reported && isIntact(reported))) {
      abort(db);
    }
  }

  /**
   * Cancels the running statement and closes the connection without waiting for an answer. The
   * cancel request is needed because the server would notice the closed connection only when it
   * next sends. A thread that reads from the connection gets an exception. Never throws: the caller
   * is handling a failure, which must not be hidden. Can be called by any thread.
   */
  public static void cut(Connection db) {
    try {
      if (!db.isClosed()) {
        db.unwrap(PGConnection.class).cancelQuery();
      }
    } catch (SQLException e) {
      log.debug("cancelling before a connection is closed: {}", e.getMessage());
    }
    abort(db);
  }

  /**
   * As {@link #cut}, without the cancel request: for a server that is idle, unreachable, or notices
   * the closed connection immediately.
   */
  public static void abort(Connection db) {
    try {
      // Unwrapped, because a pool's wrapper may refuse, or only mark itself as closed.
      Connection driver =
          db.isWrapperFor(BaseConnection.class) ? db.unwrap(BaseConnection.class) : db;
      driver.abort(Runnable::run);
    } catch (SQLException e) {
      log.debug("closing a connection: {}", e.getMessage()); // a pool may have closed it already
    }
    notifyPool(db);
  }

  /** Any call makes the pool notice that the connection is closed, so that it drops it. */
  private static void notifyPool(Connection db) {
    try {
      db.clearWarnings();
    } catch (SQLException e) {
      log.trace("a closed connection", e);
    }
  }
}
