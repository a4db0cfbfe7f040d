package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Inserts rows 1, 2, 3, ... at a constant rate, one in each transaction, and records their commit
 * times.
 */
final class Heartbeat implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement insert;
  private final long interval;
  private final long[] committed;
  private int beats;

  /** Inserts at most {@code maxRows} rows. */
  Heartbeat(TestDatabase database, String table, int perSecond, int maxRows) throws SQLException {
    connection = database.connect();
    insert = connection.prepareStatement("insert into " + table + " values (?)");
    interval = Duration.ofSeconds(1).toNanos() / perSecond;
    committed = new long[maxRows];
  }

  /** Inserts the next {@code count} rows. */
  void run(int count) throws SQLException, InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long wait = start + i * interval - System.nanoTime();
      if (wait > 0) {
        Pause.of(Duration.ofNanos(wait));
      }
      insert.setLong(1, beats + 1);
      insert.executeUpdate();
      committed[beats++] = System.nanoTime();
    }
  }

  /** Commit times by row, of {@link System#nanoTime}. */
  long[] committed() {
    return committed.clone();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
