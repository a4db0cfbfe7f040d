package dev.jlondiste.cluster;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;

/**
 * Ticks a database often, through restarts of its server, so that tests need not wait for the real
 * ticker.
 */
public final class TestTicker implements AutoCloseable {
  private static final long PAUSE_NANOS = 50_000_000;

  private final Thread thread;
  private volatile boolean stop;

  public TestTicker(TestDatabase database) {
    thread = new Thread(() -> tick(database), "ticker");
    thread.setDaemon(true);
    thread.start();
  }

  private void tick(TestDatabase database) {
    while (!stop) {
      try (Connection db = database.connect();
          Statement statement = db.createStatement()) {
        while (!stop) {
          statement.execute("select pgq.ticker()");
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      } catch (SQLException e) {
        LockSupport.parkNanos(PAUSE_NANOS); // the server is being restarted
      }
    }
  }

  @Override
  public void close() {
    stop = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
