package dev.jlondiste.pgq.consumer;

import dev.jlondiste.db.Conversation;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A connection of the application's pool, outside autocommit until it is returned with its original
 * settings. Closing rolls back an open transaction. Used by one thread only.
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

  /** Opens a session with the isolation level of the pool. */
  static ConsumerSession open(DataSource database) throws SQLException {
    return prepare(database, false);
  }

  /** Opens a session with isolation level READ COMMITTED. */
  static ConsumerSession readingCommitted(DataSource database) throws SQLException {
    return prepare(database, true);
  }

  private static ConsumerSession prepare(DataSource database, boolean readCommitted)
      throws SQLException {
    Connection connection = database.getConnection();
    try {
      ConsumerSession session = new ConsumerSession(connection);
      // Outside autocommit, reading the isolation level has begun a transaction.
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

  /**
   * Restores the settings. If that fails, closes the connection, so that the pool does not reuse
   * it.
   */
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
