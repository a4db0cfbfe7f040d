package dev.jlondiste.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * HikariCP, with failures told at once. Left alone, it connects in a thread of its own, repeats
 * what fails and lets the caller wait until the time is up; a worker would learn only then that a
 * password is wrong. So when the pool has nothing to give, the caller connects by itself, gets the
 * exception if there is one, and hands the connection over to the pool otherwise.
 *
 * <p>A connection that is not intact after a failure does not come back, see {@link Conversation}.
 */
final class Pool implements AutoCloseable {
  /** Hikari takes no shorter one. */
  private static final Duration MIN_LIFETIME = Duration.ofSeconds(30);

  /** Waiting for a colleague to give a connection back. */
  private static final Duration WAIT = Duration.ofSeconds(30);

  /** After this time a connection that nobody uses is closed. */
  private static final Duration IDLE = Duration.ofMinutes(10);

  /**
   * A connection that was used so recently is not asked whether it still lives: a daemon that polls
   * an idle server would ask as often as it polls. One that died meanwhile fails once.
   */
  private static final Duration TRUSTED = Duration.ofSeconds(5);

  static {
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", Long.toString(TRUSTED.toMillis()));
  }

  private final Connector connector;
  private final ConcurrentLinkedQueue<Connection> handedOver = new ConcurrentLinkedQueue<>();
  private final HikariDataSource hikari;
  private volatile int size;

  Pool(Connector connector, String name, int size, Duration lifetime) {
    this.connector = connector;
    this.size = size;
    HikariConfig config = new HikariConfig();
    config.setDataSource(new PoolSource(this::next));
    config.setPoolName(name.isEmpty() ? "jlondiste" : name);
    config.setAutoCommit(false);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(WAIT.toMillis());
    config.setKeepaliveTime(0);
    config.setRegisterMbeans(false);
    config.setExceptionOverride(new DropUnlessIntact());
    long maxLifetime =
        lifetime.isZero() || lifetime.isNegative()
            ? 0
            : Math.max(lifetime.toMillis(), MIN_LIFETIME.toMillis());
    config.setMaxLifetime(maxLifetime);
    // Must be shorter, or Hikari switches it off with a warning.
    config.setIdleTimeout(
        maxLifetime == 0 ? IDLE.toMillis() : Math.min(IDLE.toMillis(), maxLifetime / 2));
    hikari = new HikariDataSource(config);
  }

  Connection take() throws SQLException {
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

  /** One at a time, or each of many threads that start together would connect. */
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
   * When another thread gave one back meanwhile, the pool did not ask for ours. Left where it is it
   * would neither be used nor counted as idle, and each such race would add one more.
   */
  private void closeUnused(@Nullable Connection spare) {
    if (spare != null && handedOver.remove(spare)) {
      closeQuietly(spare);
    }
  }

  /**
   * Called by Hikari's thread. One handed over may have died waiting, if another came back first.
   */
  private Connection next() throws SQLException {
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
      // Nobody used it, so nothing is lost with it.
    }
  }
}
