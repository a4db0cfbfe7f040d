package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionString;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One database that we connect to. Thread-safe. */
public final class Database implements AutoCloseable {
  private final ConnectionString target;
  private final Connector connector;
  private final @Nullable Pool pool;

  private Database(ConnectionString target, Connector connector, @Nullable Pool pool) {
    this.target = target;
    this.connector = connector;
    this.pool = pool;
  }

  /**
   * For daemons: keeps up to {@code size} connections, none older than {@code lifetime} (zero: for
   * ever). Connects at the first {@link #open}, so a server that is down is no reason not to start.
   */
  public static Database pooled(
      ConnectionString target, String applicationName, int size, Duration lifetime) {
    return pooled(target, applicationName, size, lifetime, session -> {});
  }

  /** As the other; {@code first} is done in each new session, and must end its transaction. */
  public static Database pooled(
      ConnectionString target,
      String applicationName,
      int size,
      Duration lifetime,
      SqlAction first) {
    Connector connector = new Connector(target, applicationName, first);
    return new Database(target, connector, new Pool(connector, applicationName, size, lifetime));
  }

  /** For commands: every {@link #open} connects anew. */
  public static Database direct(ConnectionString target, String applicationName) {
    return new Database(target, new Connector(target, applicationName, session -> {}), null);
  }

  /**
   * A connection outside autocommit, with the settings pinned on which the text of values depends.
   * The caller commits and closes; closing rolls back what is open. A failure keeps the SQLSTATE
   * and says which server, database and user.
   */
  public Connection open() throws SQLException {
    return pool == null ? connector.connect() : pool.take();
  }

  /** Runs {@code work} in one transaction and commits it; rolls back when it throws. */
  public <T> T call(SqlWork<T> work) throws SQLException {
    try (Connection connection = open()) {
      T result = work.in(connection);
      connection.commit();
      return result;
    }
  }

  /** Runs single statements, each committed by itself: a round trip less than {@link #call}. */
  public <T> T ask(SqlWork<T> question) throws SQLException {
    try (Connection connection = open()) {
      connection.setAutoCommit(true);
      return question.in(connection);
    }
  }

  /** As {@link #call}, without a result. */
  public void run(SqlAction action) throws SQLException {
    try (Connection connection = open()) {
      action.in(connection);
      connection.commit();
    }
  }

  /**
   * Changes how many connections a pool keeps at most. A smaller one closes idle connections now
   * and those in use when they come back. Without effect on {@link #direct}.
   */
  public void resize(int size) {
    if (pool != null) {
      pool.resize(size);
    }
  }

  public ConnectionString target() {
    return target;
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.close();
    }
  }
}
