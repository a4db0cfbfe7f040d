package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.PooledConnection;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.ds.PGPooledConnection;

/**
 * The sessions of one command with one database. A session that the command has closed stays
 * connected for its next use, because a login costs many round trips and a server process. Each use
 * begins with the {@link SessionSettings}, which is also the test whether the session is still
 * alive; temporary objects and LISTEN remain, and must be removed where they were made.
 *
 * <p>A {@link Pool} would do the same with threads of its own, for which a command is too short.
 * Thread-safe.
 */
final class KeptSessions implements AutoCloseable {
  /**
   * Milliseconds. A login has a limit, too: a host that is gone would otherwise not answer for a
   * quarter of an hour.
   */
  private static final int RENEWAL_TIMEOUT = 5_000;

  private final Connector connector;
  private final Deque<Kept> idle = new ArrayDeque<>();

  /** Guarded by {@link #idle}. */
  private boolean closed;

  /** A session of the driver, and the object whose handles return it instead of closing it. */
  private record Kept(Connection session, PooledConnection handles) {
    void close() {
      try {
        handles.close();
      } catch (SQLException e) {
        Conversation.abort(session);
      }
    }
  }

  KeptSessions(Connector connector) {
    this.connector = connector;
  }

  /** Returns a connection with autocommit off and no open transaction. */
  Connection take() throws SQLException {
    Kept kept = poll();
    if (kept != null) {
      Optional<Connection> again = renewed(kept);
      if (again.isPresent()) {
        return again.get();
      }
      abortAll(); // most likely it is the server that has gone
    }
    return connected();
  }

  private Connection connected() throws SQLException {
    Connection session = connector.connect();
    PooledConnection handles = new PGPooledConnection(session, false);
    handles.addConnectionEventListener(new Return(new Kept(session, handles)));
    return handles.getConnection();
  }

  private Optional<Connection> renewed(Kept kept) {
    Connection session = kept.session();
    try {
      session.setNetworkTimeout(Runnable::run, RENEWAL_TIMEOUT);
      connector.renew(session);
      session.setNetworkTimeout(Runnable::run, 0);
      return Optional.of(kept.handles().getConnection());
    } catch (SQLException e) { // the server has ended it, or does not answer
      Conversation.abort(session);
      return Optional.empty();
    } catch (RuntimeException e) { // the environment no longer tells how to connect
      kept.close();
      throw e;
    }
  }

  private void abortAll() {
    for (Kept kept = poll(); kept != null; kept = poll()) {
      Conversation.abort(kept.session());
    }
  }

  private @Nullable Kept poll() {
    synchronized (idle) {
      return idle.poll();
    }
  }

  /** Closes the idle sessions; from now on a session ends when its user closes it. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
    }
    for (Kept kept = poll(); kept != null; kept = poll()) {
      kept.close();
    }
  }

  private final class Return implements ConnectionEventListener {
    private final Kept kept;
    private volatile boolean hasFailed;

    Return(Kept kept) {
      this.kept = kept;
    }

    /** Called when a handle is closed, after its transaction was rolled back. */
    @Override
    public void connectionClosed(ConnectionEvent event) {
      if (hasFailed || !isIdle(kept.session()) || !keep()) {
        kept.close();
      }
    }

    /** Returns false if sessions are no longer kept. */
    private boolean keep() {
      synchronized (idle) {
        if (!closed) {
          idle.push(kept);
        }
        return !closed;
      }
    }

    /** An error of the connection, not of a statement. */
    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
      hasFailed = true;
    }
  }

  private static boolean isIdle(Connection session) {
    try {
      if (session.isClosed()
          || session.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE) {
        return false;
      }
      session.setReadOnly(false); // known to the driver only, no round trip
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
