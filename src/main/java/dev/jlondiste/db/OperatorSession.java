package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionString;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * The connection of an interactive session: every statement is a transaction of its own, unless the
 * operator begins one with {@code begin}. Used by one thread only.
 */
public final class OperatorSession implements AutoCloseable {
  private static final String SAVEPOINT = "jlondiste_command";

  private final Database database;
  private final Connection connection;

  private OperatorSession(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  /** A connection error keeps the SQLSTATE and names server, database and user. */
  public static OperatorSession open(ConnectionString target, String applicationName)
      throws SQLException {
    Database database = Database.direct(target, applicationName);
    Connection connection = database.open();
    connection.setAutoCommit(true);
    return new OperatorSession(database, connection);
  }

  /** The connect string as given by the operator. */
  public ConnectionString target() {
    return database.target();
  }

  /** The same database, for additional connections. */
  public Database database() {
    return database;
  }

  /** In autocommit mode. */
  public Connection connection() {
    return connection;
  }

  /**
   * Runs {@code work} atomically: in a transaction of its own or, within a transaction that the
   * operator began, in a savepoint, so that the transaction can continue after a failure.
   */
  public <T> T call(SqlWork<T> work) throws SQLException {
    return isInTransaction() ? callInSavepoint(work) : callInTransaction(work);
  }

  /** As {@link #call}, without a result. */
  public void run(SqlAction action) throws SQLException {
    SqlWork<Boolean> work =
        db -> {
          action.in(db);
          return true;
        };
    call(work);
  }

  private boolean isInTransaction() throws SQLException {
    return connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
  }

  private <T> T callInTransaction(SqlWork<T> work) throws SQLException {
    connection.setAutoCommit(false);
    T result;
    try {
      result = work.in(connection);
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      undo(this::endTransaction, e);
      throw e;
    }
    connection.setAutoCommit(true);
    return result;
  }

  private void endTransaction() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(true);
  }

  private <T> T callInSavepoint(SqlWork<T> work) throws SQLException {
    Sql.run(connection, "savepoint " + SAVEPOINT);
    try {
      T result = work.in(connection);
      Sql.run(connection, "release savepoint " + SAVEPOINT);
      return result;
    } catch (SQLException | RuntimeException e) {
      undo(() -> Sql.run(connection, "rollback to savepoint " + SAVEPOINT), e);
      throw e;
    }
  }

  @FunctionalInterface
  private interface Undo {
    void run() throws SQLException;
  }

  /**
   * Undoes after failure {@code e}, which stays the one reported. If that fails too, closes the
   * connection, on which the server rolls back.
   */
  private void undo(Undo undo, Exception e) {
    if (e instanceof SQLException) {
      Conversation.cutUnlessIntact(connection, e);
    }
    try {
      undo.run();
    } catch (SQLException again) {
      e.addSuppressed(again);
      Conversation.abort(connection);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException ignored) {
      // The server rolls back an open transaction when the connection ends.
    }
  }
}
