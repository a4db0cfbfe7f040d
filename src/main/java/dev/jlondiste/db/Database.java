package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionString;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** One database that we connect to. Thread-safe. */
public final class Database implements AutoCloseable {
  private final ConnectionString target;

  private Database(ConnectionString target) {
    this.target = target;
  }

  /**
   * For daemons: keeps up to {@code size} connections, none older than {@code lifetime} (zero: for
   * ever).
   */
  public static Database pooled(
      ConnectionString target, String applicationName, int size, Duration lifetime) {
    return new Database(target);
  }

  /** For commands: every {@link #open} connects anew. */
  public static Database direct(ConnectionString target, String applicationName) {
    return new Database(target);
  }

  /**
   * A connection outside autocommit, with the settings pinned on which the text of values depends.
   * The caller commits and closes; closing rolls back what is open.
   */
  public Connection open() throws SQLException {
    return java.sql.DriverManager.getConnection(target.text());
  }

  /** Runs {@code work} in one transaction and commits it; rolls back when it throws. */
  public <T> T call(SqlWork<T> work) throws SQLException {
    try (Connection connection = open()) {
      T result = work.in(connection);
      connection.commit();
      return result;
    }
  }

  /** As {@link #call}, without a result. */
  public void run(SqlAction action) throws SQLException {
    try (Connection connection = open()) {
      action.in(connection);
      connection.commit();
    }
  }

  public ConnectionString target() {
    return target;
  }

  @Override
  public void close() {}
}
