package dev.jlondiste.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * One login, and the session's settings. Where a timeout of the role ends the session before they
 * are pinned, or {@code default_transaction_read_only} makes a primary look like a standby, a
 * second login carries those few settings in its startup packet. The first never does: poolers
 * refuse them.
 */
final class Login {
  private static final String ANY_SERVER = "jdbc:postgresql:///";
  private static final int OLDEST_MAJOR = 9;

  private final Properties driver;
  private final String options;
  private final SessionGuard guard;
  private final SessionSettings settings;

  /** {@code options} of the connect string; empty when it has none. */
  Login(Properties driver, String options, SessionGuard guard) {
    this.driver = driver;
    this.options = options;
    this.guard = guard;
    this.settings = SessionSettings.beside(options);
  }

  /** Outside autocommit, settings pinned. */
  Connection connect() throws SQLException {
    Connection session = null;
    int major = OLDEST_MAJOR;
    try {
      session = DriverManager.getConnection(ANY_SERVER, driver);
      major = session.getMetaData().getDatabaseMajorVersion();
      guard.check(session, this::connectImpatiently);
      settings.pin(session);
      session.setAutoCommit(false);
      return session;
    } catch (SQLException e) {
      boolean tooEarly =
          session == null ? isRefusedByChoice(e) || isTimeout(e) : isTimeout(e) || isLost(e);
      Connector.close(session, e);
      if (!tooEarly) {
        throw e;
      }
      return connectAgain(SessionSettings.earlyOptions(Math.max(major, oldestWith(e))), e);
    }
  }

  /** The options of the connect string come last, and win. */
  private Connection connectAgain(String early, SQLException first) throws SQLException {
    Properties second = new Properties();
    second.putAll(driver);
    second.setProperty("options", (early + " " + options).strip());
    Connection session = null;
    try {
      session = DriverManager.getConnection(ANY_SERVER, second);
      guard.check(session, this::connectImpatiently);
      settings.pin(session);
      session.setAutoCommit(false);
      return session;
    } catch (SQLException e) {
      Connector.close(session, e);
      first.addSuppressed(e);
      throw first;
    }
  }

  /** For a look at whose sessions a pooler gives to whom. */
  private Connection connectImpatiently() throws SQLException {
    Properties limited = new Properties();
    limited.putAll(driver);
    limited.setProperty("socketTimeout", "10"); // s: a full pool would let us wait for long
    limited.setProperty("preferQueryMode", "simple"); // leaves no statements in others' sessions
    return DriverManager.getConnection(ANY_SERVER, limited);
  }

  /** The driver asks each server of a list whether it can be written. */
  private boolean isRefusedByChoice(SQLException e) {
    return !"any".equals(driver.getProperty("targetServerType"))
        && SqlFaults.state(e).equals("08001")
        && e.getCause() == null;
  }

  private static boolean isTimeout(SQLException e) {
    String state = SqlFaults.state(e);
    return state.equals("57014") || state.equals("25P03") || oldestWith(e) > OLDEST_MAJOR;
  }

  /** The version that the timeout came with; before a login succeeds no other is known. */
  private static int oldestWith(SQLException e) {
    return switch (SqlFaults.state(e)) {
      case "57P05" -> 14;
      case "25P04" -> 17;
      default -> OLDEST_MAJOR;
    };
  }

  /** Whether a session that a timeout ends can still say so is a matter of luck. */
  private static boolean isLost(SQLException e) {
    return SqlFaults.state(e).startsWith("08");
  }
}
