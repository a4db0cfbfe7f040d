package dev.jlondiste.pgq.consumer;

import dev.jlondiste.db.Conversation;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A connection of somebody's pool, outside autocommit while we have it and given back as it was.
 * Closing rolls back what is open. Used by one thread only.
 */
final class ConsumerSession implements AutoCloseable {
  private final Connection connection;
  private final boolean autoCommit;
  private final int isolation;

  private ConsumerSession(Connection connection) throws SQLException {
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    this.isolation = connection.getTransactionIsolation();
  }

  /** With the isolation level that the pool gives. */
  static ConsumerSession open(DataSource database) throws SQLException {
    return prepare(database, false);
  }

  /** Each statement sees what was committed before it. */
  static ConsumerSession readingCommitted(DataSource database) throws SQLException {
    return prepare(database, true);
  }

  private static ConsumerSession prepare(DataSource database, boolean readCommitted)
      throws SQLException {
    Connection connection = database.getConnection();
    try {
      ConsumerSession session = new ConsumerSession(connection);
      // Asking for the level has begun a transaction when the pool is outside autocommit.
      if (!session.autoCommit) {
        connection.rollback();
      }
      if (readCommitted && session.isolation != Connection.TRANSACTION_READ_COMMITTED) {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
      connection.setAutoCommit(false);
      return session;
    } catch (SQLException | RuntimeException e) {
      try (connection) {
        throw e;
      }
    }
  }

  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      if (!connection.isClosed()) {
        restore();
      }
    }
  }

  /** The pool must not give on what is not as it was: it finds the connection closed then. */
  private void restore() throws SQLException {
    try {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
      if (connection.getTransactionIsolation() != isolation) {
        connection.setTransactionIsolation(isolation);
      }
    } catch (SQLException e) {
      Conversation.abort(connection);
      throw e;
    }
  }
}
