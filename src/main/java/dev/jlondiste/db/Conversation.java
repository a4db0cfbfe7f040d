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
 * Decides whether a connection may be used again after a failure, and takes it out of use if not.
 *
 * <p>A server answers statements in their order, and no answer says which statement it belongs to.
 * Two things therefore make a connection unusable for good: an answer that was not read to its end
 * (the next statement would get the rest of it), and a cancel request (it may reach the server late
 * and end the next statement). Such a connection is cut: every pool, ours or another program's,
 * finds it closed and drops it. A connection whose last answer was an error of the server is intact
 * and only needs a rollback.
 *
 * <p>{@link CopyOutput}, {@link CopyInput} and the pools behind {@link Database} apply this; code
 * that keeps a connection by itself calls {@link #cutUnlessIntact}. Stateless and thread-safe.
 */
public final class Conversation {
  private static final Logger log = LoggerFactory.getLogger(Conversation.class);

  /** Errors with which the server ends the session. */
  private static final Set<String> SESSION_ENDED =
      Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04");

  private static final int MAX_CHAIN = 20;

  private Conversation() {}

  /**
   * True if the server itself reported the failure and still listens, so that its answer was read
   * to the end. Anything else that the driver reports may have come from the middle of an answer.
   */
  public static boolean isIntact(SQLException failure) {
    boolean answered = false;
    SQLException next = failure;
    for (int i = 0; next != null && i < MAX_CHAIN; i++) {
      if (next instanceof PSQLException driver) {
        if (driver.getServerErrorMessage() == null || endsSession(driver)) {
          return false;
        }
        answered = true;
      }
      next = following(next);
    }
    return answered;
  }

  private static boolean endsSession(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || SESSION_ENDED.contains(state);
  }

  /** The driver chains failures; a batch and our wrappers have the driver's as their cause. */
  private static @Nullable SQLException following(SQLException e) {
    if (e.getNextException() != null) {
      return e.getNextException();
    }
    return !(e instanceof PSQLException) && e.getCause() instanceof SQLException cause
        ? cause
        : null;
  }

  /**
   * Says that a transaction may be open: a pool rolls back what was executed through its own
   * statements only, and a COPY goes past them. No round trip, because there is nothing to send.
   */
  static void announce(Connection db) throws SQLException {
    try (Statement nothing = db.createStatement()) {
      nothing.executeBatch();
    }
  }

  /** Cuts the connection if {@code failure} leaves open what the server will still send. */
  public static void cutUnlessIntact(Connection db, Throwable failure) {
    if (!(failure instanceof SQLException reported && isIntact(reported))) {
      abort(db);
    }
  }

  /**
   * Ends the conversation wherever it stands: has the server cancel what it is doing, since it
   * would notice a closed connection only when it next sends, and closes the connection without
   * waiting for an answer. A thread that reads from it gets an exception. Never throws: the caller
   * is handling a failure, which must not be hidden. May be called by any thread.
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

  /** As {@link #cut}, where the server does nothing, notices at once, or cannot be reached. */
  public static void abort(Connection db) {
    try {
      // The driver's own connection: a wrapper may refuse, or only mark itself as closed.
      Connection driver =
          db.isWrapperFor(BaseConnection.class) ? db.unwrap(BaseConnection.class) : db;
      driver.abort(Runnable::run);
    } catch (SQLException e) {
      log.debug("closing a connection: {}", e.getMessage()); // a pool has closed it already
    }
    tellPool(db);
  }

  /** Pools drop a connection that reports to be closed; its close() then has nothing to report. */
  private static void tellPool(Connection db) {
    try {
      db.clearWarnings();
    } catch (SQLException e) {
      log.trace("a closed connection", e);
    }
  }
}
