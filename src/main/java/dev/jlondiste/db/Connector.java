package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.ConnectionTarget;
import dev.jlondiste.config.Environment;
import dev.jlondiste.config.HostZone;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes one connection at a time. The gaps of the connect string are filled anew for each, so a
 * changed password file or service file takes effect without a restart.
 */
final class Connector {
  private final SessionGuard guard = new SessionGuard();
  private final ConnectionString string;
  private final String applicationName;
  private final SqlAction first;

  /** {@code first} is done in each new session, outside autocommit. */
  Connector(ConnectionString string, String applicationName, SqlAction first) {
    this.string = string;
    this.applicationName = applicationName;
    this.first = first;
  }

  /** In no transaction, outside autocommit. */
  Connection connect() throws SQLException {
    Connection connection = pinned();
    try {
      first.in(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      close(connection, e);
      throw e;
    }
  }

  private Connection pinned() throws SQLException {
    HostZone.runInUtc();
    ConnectionTarget target = string.resolve(Environment.ofProcess());
    String options = target.value("options").orElse("");
    Login login = new Login(DriverProperties.of(target, applicationName), options, guard);
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
