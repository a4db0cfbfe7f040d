package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Opens a session and sets the {@link SessionSettings}. Two settings of a role can interfere before
 * ours take effect: a timeout can end the session, and {@code default_transaction_read_only} makes
 * a primary appear as a standby. Then a second login sends the opposite settings in its startup
 * packet. The first login does not, because poolers refuse them.
 */
final class Login {
  static final String ANY_SERVER = "jdbc:postgresql:///";
  private static final int MIN_MAJOR = 9;

  private final Properties driver;
  private final String options;
  private final SessionGuard guard;
  private final SessionSettings settings;

  /** {@code options} is that keyword of the connect string; empty if it has none. */
  Login(Properties driver, String options, SessionGuard guard) {
    this.driver = driver;
    this.options = options;
    this.guard = guard;
    this.settings = SessionSettings.of(options);
  }

  /** Returns a connection with autocommit off and all settings applied. */
  Connection connect() throws SQLException {
    Connection session = null;
    int major = MIN_MAJOR;
    try {
      session = DriverManager.getConnection(ANY_SERVER, driver);
      major = session.getMetaData().getDatabaseMajorVersion();
      guard.check(session, this::connectWithTimeout);
      settings.pin(session);
      session.setAutoCommit(false);
      return session;
    } catch (SQLException e) {
      boolean needsEarlyOptions =
          session == null ? isRefusedByChoice(e) || isTimeout(e) : isTimeout(e) || isLost(e);
      Connector.close(session, e);
      if (!needsEarlyOptions) {
        throw e;
      }
      return connectAgain(SessionSettings.earlyOptions(Math.max(major, minMajorWith(e))), e);
    }
  }

  /** The options of the connect string come last and therefore take precedence. */
  private Connection connectAgain(String early, SQLException first) throws SQLException {
    Properties second = new Properties();
    second.putAll(driver);
    second.setProperty("options", (early + " " + options).strip());
    Connection session = null;
    try {
      session = DriverManager.getConnection(ANY_SERVER, second);
      guard.check(session, this::connectWithTimeout);
      settings.pin(session);
      session.setAutoCommit(false);
      return session;
    } catch (SQLException e) {
      Connector.close(session, e);
      first.addSuppressed(e);
      throw first;
    }
  }

  /** The second connection of {@link SessionGuard}. */
  private Connection connectWithTimeout() throws SQLException {
    Properties limited = new Properties();
    limited.putAll(driver);
    // Seconds; a pooler without a free session would not answer.
    limited.setProperty("socketTimeout", "10");
    // Leaves no prepared statements in sessions of other clients.
    limited.setProperty("preferQueryMode", "simple");
    return DriverManager.getConnection(ANY_SERVER, limited);
  }

  /** True if the driver found no server that matches {@code target_session_attrs}. */
  private boolean isRefusedByChoice(SQLException e) {
    return !"any".equals(driver.getProperty("targetServerType"))
        && SqlFaults.state(e).equals("08001")
        && e.getCause() == null;
  }

  private static boolean isTimeout(SQLException e) {
    String state = SqlFaults.state(e);
    return state.equals("57014") || state.equals("25P03") || minMajorWith(e) > MIN_MAJOR;
  }

  /**
   * The oldest version that has this SQLSTATE: all that is known of a server before a login
   * succeeds.
   */
  private static int minMajorWith(SQLException e) {
    return switch (SqlFaults.state(e)) {
      case "57P05" -> 14;
      case "25P04" -> 17;
      default -> MIN_MAJOR;
    };
  }

  /** A session that a timeout ends may be closed before its error message arrives. */
  private static boolean isLost(SQLException e) {
    return SqlFaults.state(e).startsWith("08");
  }
}
