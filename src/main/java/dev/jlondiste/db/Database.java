package dev.jlondiste.db;

import dev.jlondiste.config.ConnectionString;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database and the way to connect to it. Thread-safe. */
public final class Database implements AutoCloseable {
  private final ConnectionString target;
  private final Connector connector;
  private final @Nullable Pool pool;
  private final @Nullable KeptSessions kept;

  private Database(
      ConnectionString target,
      Connector connector,
      @Nullable Pool pool,
      @Nullable KeptSessions kept) {
    this.target = target;
    this.connector = connector;
    this.pool = pool;
    this.kept = kept;
  }

  /**
   * A pool, for daemons: up to {@code size} connections, each closed after {@code lifetime} (zero:
   * unlimited). Connects at the first {@link #open}, so a daemon starts even if the server is down.
   */
  public static Database pooled(
      ConnectionString target, String applicationName, int size, Duration lifetime) {
    return pooled(target, applicationName, size, lifetime, session -> {});
  }

  /** As above; {@code first} runs in each new session and must end its transaction. */
  public static Database pooled(
      ConnectionString target,
      String applicationName,
      int size,
      Duration lifetime,
      SqlAction first) {
    Connector connector = new Connector(target, applicationName, first);
    Pool pool = new Pool(connector, applicationName, size, lifetime);
    return new Database(target, connector, pool, null);
  }

  /**
   * For commands: a connection that is closed stays connected for the next {@link #open}, until the
   * database is closed, which also ends those that are in use when they are closed. Any number of
   * connections can be open at a time.
   */
  public static Database keeping(ConnectionString target, String applicationName) {
    Connector connector = new Connector(target, applicationName, session -> {});
    return new Database(target, connector, null, new KeptSessions(connector));
  }

  /** Every {@link #open} opens a new connection, and its {@code close} disconnects. */
  public static Database direct(ConnectionString target, String applicationName) {
    Connector connector = new Connector(target, applicationName, session -> {});
    return new Database(target, connector, null, null);
  }

  /**
   * Returns a connection with autocommit off and with fixed settings for the text of values, see
   * {@link SessionSettings}. The caller commits and closes; closing rolls back an open transaction.
   * A connection error keeps the SQLSTATE and names server, database and user.
   */
  public Connection open() throws SQLException {
    if (pool != null) {
      return pool.take();
    }
    return kept == null ? connector.connect() : kept.take();
  }

  /** Returns a data source whose connections are those of {@link #open}. */
  public DataSource dataSource() {
    return new PoolSource(this::open);
  }

  /** Runs {@code work} in one transaction and commits; rolls back if it throws. */
  public <T> T call(SqlWork<T> work) throws SQLException {
    try (Connection connection = open()) {
      T result = work.in(connection);
      connection.commit();
      return result;
    }
  }

  /**
   * Runs statements in autocommit mode, which saves the round trip of the commit in {@link #call}.
   */
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
   * and those in use when they come back. Without effect on the other ones.
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
    if (kept != null) {
      kept.close();
    }
  }
}
