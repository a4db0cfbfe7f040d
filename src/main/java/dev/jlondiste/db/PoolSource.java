package dev.jlondiste.db;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The {@link DataSource} from which HikariCP takes new connections; only {@link #getConnection()}
 * is used.
 */
final class PoolSource implements DataSource {
  /** Opens a connection. */
  @FunctionalInterface
  interface ConnectionFactory {
    Connection connect() throws SQLException;
  }

  private final ConnectionFactory factory;

  PoolSource(ConnectionFactory factory) {
    this.factory = factory;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return factory.connect();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the connect string names the user");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
