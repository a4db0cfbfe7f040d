package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionString;
import dev.jlondiste.config.ConnectionTarget;
import dev.jlondiste.config.Environment;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A connection to the admin console of PgBouncer, which accepts single commands in the simple
 * protocol only. Used by one thread.
 *
 * <p>The driver sends {@code SET extra_float_digits} to servers that report a version before 12, as
 * the console does, and the console refuses it. The driver sends no such commands with property
 * {@code replication}. It passes that property on to the server only if {@code
 * assumeMinServerVersion} is at least 9.4; with 9.0 it sends {@code application_name} in the
 * startup packet, which the console accepts, and nothing else that needs {@code
 * ignore_startup_parameters}.
 */
public final class PgBouncerConsole implements AutoCloseable {
  /** The name of the console as a database. */
  public static final String DATABASE = "pgbouncer";

  private static final String APPLICATION = "jlondiste";

  private final Connection connection;

  private PgBouncerConsole(Connection connection) {
    this.connection = connection;
  }

  /** Connects to the database {@code pgbouncer} unless the connect string has another name. */
  public static PgBouncerConsole open(ConnectionString given) throws SQLException {
    ConnectionString string =
        given.value("dbname").isPresent() ? given : given.withDatabase(DATABASE);
    ConnectionTarget target = string.resolve(Environment.ofProcess());
    Properties driver = DriverProperties.of(target, APPLICATION);
    driver.setProperty("preferQueryMode", "simple");
    driver.setProperty("assumeMinServerVersion", "9.0");
    driver.setProperty("replication", "false");
    driver.setProperty("targetServerType", "any");
    driver.remove("options");
    try {
      return new PgBouncerConsole(DriverManager.getConnection(Login.ANY_SERVER, driver));
    } catch (SQLException e) {
      throw ConnectionFailure.of(target, e);
    }
  }

  /** Runs a {@code SHOW} command; columns by name, with empty texts for nulls. */
  public List<Map<String, String>> show(String what) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW " + what)) {
      List<Map<String, String>> result = new ArrayList<>();
      while (rows.next()) {
        Map<String, String> row = new HashMap<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          String value = rows.getString(i);
          row.put(rows.getMetaData().getColumnName(i), value == null ? "" : value);
        }
        result.add(row);
      }
      return result;
    }
  }

  /** Runs any other command; throws with the message of the console. */
  public void run(String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(command);
    }
  }

  /**
   * Runs a command that may wait. If it takes longer than {@code limit}, returns false and closes
   * this connection; what the command has begun is not undone.
   */
  public boolean run(String command, Duration limit) throws SQLException {
    int milliseconds = (int) Math.max(2, Math.min(Integer.MAX_VALUE, limit.toMillis()));
    long start = System.nanoTime();
    connection.setNetworkTimeout(Runnable::run, milliseconds);
    try {
      run(command);
      connection.setNetworkTimeout(Runnable::run, 0);
      return true;
    } catch (SQLException e) {
      boolean isTimeout =
          SqlFaults.state(e).startsWith("08")
              && connection.isClosed()
              && System.nanoTime() - start >= Duration.ofMillis(milliseconds).toNanos();
      if (!isTimeout) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException ignored) {
      // The console has no transactions.
    }
  }
}
