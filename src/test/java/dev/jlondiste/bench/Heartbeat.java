package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** Rows 1, 2, 3, ... one a transaction, so many a second; remembers when each was committed. */
final class Heartbeat implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement insert;
  private final long interval;
  private final long[] told;
  private int beats;

  /** {@code most} rows in all. */
  Heartbeat(TestDatabase database, String table, int perSecond, int most) throws SQLException {
    connection = database.connect();
    insert = connection.prepareStatement("insert into " + table + " values (?)");
    interval = Duration.ofSeconds(1).toNanos() / perSecond;
    told = new long[most];
  }

  /** Goes on where it was, for so many rows. */
  void run(int count) throws SQLException, InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long wait = start + i * interval - System.nanoTime();
      if (wait > 0) {
        Pause.of(Duration.ofNanos(wait));
      }
      insert.setLong(1, beats + 1);
      insert.executeUpdate();
      told[beats++] = System.nanoTime();
    }
  }

  /** By row, of {@link System#nanoTime}. */
  long[] told() {
    return told.clone();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
