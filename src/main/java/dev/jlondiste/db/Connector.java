package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.ConnectionTarget;
import dev.jlondiste.config.Environment;
import dev.jlondiste.config.HostZone;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections. Values missing from the connect string are read again from environment,
 * service file and password file for each connection, so a change there takes effect without a
 * restart.
 */
final class Connector {
  private final SessionGuard guard = new SessionGuard();
  private final ConnectionString string;
  private final String applicationName;
  private final SqlAction first;

  /** {@code first} runs in each new session, with autocommit off. */
  Connector(ConnectionString string, String applicationName, SqlAction first) {
    this.string = string;
    this.applicationName = applicationName;
    this.first = first;
  }

  /** Returns a connection with autocommit off and no open transaction. */
  Connection connect() throws SQLException {
    Connection connection = login();
    try {
      first.in(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      close(connection, e);
      throw e;
    }
  }

  /** Sets a session to what {@link #connect} returns; it must have no open transaction. */
  void renew(Connection session) throws SQLException {
    ConnectionTarget target = string.resolve(Environment.ofProcess());
    session.setAutoCommit(true);
    SessionSettings.of(options(target)).pin(session);
    session.setAutoCommit(false);
  }

  private static String options(ConnectionTarget target) {
    return target.value("options").orElse("");
  }

  private Connection login() throws SQLException {
    HostZone.runInUtc();
    ConnectionTarget target = string.resolve(Environment.ofProcess());
    Login login = new Login(DriverProperties.of(target, applicationName), options(target), guard);
    try {
      return login.connect();
    } catch (SQLException e) {
      throw ConnectionFailure.of(target, e);
    }
  }

  static void close(@Nullable Connection connection, Exception e) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
    }
  }
}
