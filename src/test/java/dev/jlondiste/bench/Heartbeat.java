package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** Rows 1, 2, 3, ... one a transaction, so many a second; remembers when each was committed. */
final class Heartbeat {
  private final TestDatabase database;
  private final String table;
  private final long interval;
  private long[] told = {};

  Heartbeat(TestDatabase database, String table, int perSecond) {
    this.database = database;
    this.table = table;
    interval = Duration.ofSeconds(1).toNanos() / perSecond;
  }

  void run(int count) throws SQLException, InterruptedException {
    told = new long[count];
    try (Connection connection = database.connect();
        PreparedStatement insert =
            connection.prepareStatement("insert into " + table + " values (?)")) {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long wait = start + i * interval - System.nanoTime();
        if (wait > 0) {
          Pause.of(Duration.ofNanos(wait));
        }
        insert.setLong(1, i + 1);
        insert.executeUpdate();
        told[i] = System.nanoTime();
      }
    }
  }

  /** By row, of {@link System#nanoTime}. */
  long[] told() {
    return told.clone();
  }
}
