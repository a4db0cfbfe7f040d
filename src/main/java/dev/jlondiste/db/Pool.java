package dev.jlondiste.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * HikariCP, with connection errors reported immediately. HikariCP connects in a background thread
 * and repeats failed attempts until the caller's wait times out, so a worker would learn only then
 * that a password is wrong. Here, if the pool has no idle connection, the caller opens one itself:
 * an error is thrown to the caller, a connection is handed over to the pool.
 *
 * <p>A connection that is not intact after a failure is dropped, see {@link Conversation}.
 */
final class Pool implements AutoCloseable {
  /** HikariCP's minimum. */
  private static final Duration MIN_LIFETIME = Duration.ofSeconds(30);

  /** Maximum wait for another thread to return a connection. */
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(30);

  /**
   * HikariCP waits for this time, then {@link #take} tries again. An idle connection may turn out
   * to be broken; HikariCP then connects in the background, and its caller would not learn for 30 s
   * that the server is gone.
   */
  private static final Duration ATTEMPT = Duration.ofSeconds(1);

  /** Idle connections are closed after this time. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(10);

  /**
   * Connections used within this time are not tested again: a daemon that polls an idle server
   * would otherwise double its round trips. If one has broken in the meantime, its next use fails
   * once.
   */
  private static final Duration ALIVE_BYPASS_WINDOW = Duration.ofSeconds(5);

  static {
    System.setProperty(
        "com.zaxxer.hikari.aliveBypassWindowMs", Long.toString(ALIVE_BYPASS_WINDOW.toMillis()));
  }

  private final Connector connector;
  private final ConcurrentLinkedQueue<Connection> handedOver = new ConcurrentLinkedQueue<>();
  private final HikariDataSource hikari;
  private volatile int size;

  Pool(Connector connector, String name, int size, Duration lifetime) {
    this.connector = connector;
    this.size = size;
    HikariConfig config = new HikariConfig();
    config.setDataSource(new PoolSource(this::supply));
    config.setPoolName(name.isEmpty() ? "jlondiste" : name);
    config.setAutoCommit(false);
    // Otherwise HikariCP asks the first connection for its level. If that breaks at this moment, it
    // goes on without a valid level, and every later connection is refused (HikariCP 7.1.0).
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(ATTEMPT.toMillis());
    config.setKeepaliveTime(0);
    config.setRegisterMbeans(false);
    config.setExceptionOverride(new DropUnlessIntact());
    long maxLifetime =
        lifetime.isZero() || lifetime.isNegative()
            ? 0
            : Math.max(lifetime.toMillis(), MIN_LIFETIME.toMillis());
    config.setMaxLifetime(maxLifetime);
    // Must be shorter than the lifetime, or HikariCP disables it with a warning.
    config.setIdleTimeout(
        maxLifetime == 0
            ? IDLE_TIMEOUT.toMillis()
            : Math.min(IDLE_TIMEOUT.toMillis(), maxLifetime / 2));
    hikari = new HikariDataSource(config);
  }

  Connection take() throws SQLException {
    long until = System.nanoTime() + CONNECTION_TIMEOUT.toNanos();
    while (true) {
      try {
        return takeOnce();
      } catch (SQLTransientConnectionException e) { // only HikariCP throws this one
        if (System.nanoTime() - until >= 0) {
          throw e;
        }
      }
    }
  }

  private Connection takeOnce() throws SQLException {
    if (hikari.isClosed()) {
      throw new SQLException("the pool is closed", "08003");
    }
    Connection spare = connectIfEmpty();
    try {
      return hikari.getConnection();
    } finally {
      closeUnused(spare);
    }
  }

  /** Takes effect from the next {@link #take}; one that already waits is not served earlier. */
  void resize(int connections) {
    boolean shrinks = connections < size;
    hikari.getHikariConfigMXBean().setMaximumPoolSize(connections);
    size = connections;
    if (shrinks) { // Hikari only stops adding: these would stay until they are idle for long
      hikari.getHikariPoolMXBean().softEvictConnections();
    }
  }

  /** One thread at a time: many threads that start together would otherwise all connect. */
  private @Nullable Connection connectIfEmpty() throws SQLException {
    synchronized (handedOver) {
      HikariPoolMXBean state = hikari.getHikariPoolMXBean();
      boolean full = state.getTotalConnections() + handedOver.size() >= size;
      if (state.getIdleConnections() > 0 || full) {
        return null;
      }
      Connection connection = connector.connect();
      handedOver.add(connection);
      return connection;
    }
  }

  /**
   * Closes a connection that the pool did not take, because another thread returned one first. It
   * would otherwise be neither used nor counted as idle, and each such race would add one more.
   */
  private void closeUnused(@Nullable Connection spare) {
    if (spare != null && handedOver.remove(spare)) {
      closeQuietly(spare);
    }
  }

  /** Called by HikariCP's thread. A handed-over connection may have broken while it waited. */
  private Connection supply() throws SQLException {
    Connection connection = handedOver.poll();
    while (connection != null && !connection.isValid(1)) {
      closeQuietly(connection);
      connection = handedOver.poll();
    }
    return connection == null ? connector.connect() : connection;
  }

  @Override
  public void close() {
    hikari.close();
    closeHandedOver();
  }

  private void closeHandedOver() {
    for (Connection c = handedOver.poll(); c != null; c = handedOver.poll()) {
      closeQuietly(c);
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException ignored) {
      // The connection was not used, so nothing is lost.
    }
  }
}
