package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.ConnectionTarget;
import dev.jlondiste.config.Environment;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Makes one connection at a time. The gaps of the connect string are filled anew for each, so a
 * changed password file or service file takes effect without a restart.
 */
final class Connector {
  /**
   * The text of values must not depend on what a role, a database or the server's file says, and a
   * server must notice within half a minute that we are gone, so that our locks do not outlive us.
   *
   * <p>Sent as statements, in one round trip, and not in the startup packet's {@code options}:
   * PgBouncer refuses options unless told otherwise, and a value from there would be undone by
   * {@code RESET ALL} on some poolers' way. Behind a pooler in transaction mode neither way is
   * safe; there only the settings survive that the pooler itself tracks (DateStyle, TimeZone,
   * standard_conforming_strings, with newer ones IntervalStyle), so {@code db} should go to the
   * server itself or to a pool in session mode.
   */
  private static final String PIN_SETTINGS =
      """
      set datestyle to 'ISO, YMD';
      set intervalstyle to postgres;
      set extra_float_digits to 3;
      set bytea_output to hex;
      set timezone to 'UTC';
      set client_min_messages to warning;
      set standard_conforming_strings to on;
      set tcp_keepalives_idle to 10;
      set tcp_keepalives_interval to 5;
      set tcp_keepalives_count to 4
      """;

  /** Also covers data that we never acknowledge; milliseconds, from PostgreSQL 12 on. */
  private static final String PIN_USER_TIMEOUT = ";set tcp_user_timeout to 30000";

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
    ConnectionTarget target = string.resolve(Environment.ofProcess());
    Properties properties = DriverProperties.of(target, applicationName);
    Connection connection = null;
    try {
      connection = DriverManager.getConnection("jdbc:postgresql:///", properties);
      pin(connection);
      return connection;
    } catch (SQLException e) {
      close(connection, e);
      throw ConnectionFailure.of(target, e);
    }
  }

  private static void pin(Connection connection) throws SQLException {
    boolean hasUserTimeout = connection.getMetaData().getDatabaseMajorVersion() >= 12;
    try (Statement statement = connection.createStatement()) {
      statement.execute(hasUserTimeout ? PIN_SETTINGS + PIN_USER_TIMEOUT : PIN_SETTINGS);
    }
    connection.setAutoCommit(false);
  }

  private static void close(@Nullable Connection connection, Exception e) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
    }
  }
}
