package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/** Reads changes from a slot of built-in logical replication, and discards them. */
final class SlotReader implements ChangeReader {
  private final Connection connection;
  private final String slot;
  private final AtomicLong changes = new AtomicLong();
  private @Nullable Thread thread;
  private volatile boolean stopped;
  private volatile @Nullable Exception failure;

  private SlotReader(Connection connection, String slot) {
    this.connection = connection;
    this.slot = slot;
  }

  /** Creates the slot, which retains all later changes. */
  static SlotReader create(TestDatabase database, String slot) throws SQLException {
    database.rows("select pg_create_logical_replication_slot(?, 'pgoutput')", slot);
    Properties properties = new Properties();
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
    return new SlotReader(DriverManager.getConnection(database.jdbcUrl(), properties), slot);
  }

  void start() {
    Thread reading = new Thread(this::read, "slot reader");
    reading.setDaemon(true);
    reading.start();
    thread = reading;
  }

  private void read() {
    try (PGReplicationStream stream =
        connection
            .unwrap(PGConnection.class)
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName(slot)
            .withSlotOption("proto_version", 1)
            .withSlotOption("publication_names", "bench")
            .withStatusInterval(1, TimeUnit.SECONDS)
            .start()) {
      while (!stopped) {
        ByteBuffer message = stream.readPending();
        if (message == null) {
          TimeUnit.MILLISECONDS.sleep(5);
          continue;
        }
        switch (message.get(message.position())) {
          case 'I', 'U', 'D' -> changes.incrementAndGet();
          default -> {
            // begin, commit and descriptions of tables are not changes
          }
        }
        stream.setAppliedLSN(stream.getLastReceiveLSN());
        stream.setFlushedLSN(stream.getLastReceiveLSN());
      }
    } catch (SQLException | InterruptedException e) {
      failure = e;
    }
  }

  @Override
  public long changes() {
    Exception reason = failure;
    if (reason != null) {
      throw new IllegalStateException("slot " + slot + ": " + reason.getMessage(), reason);
    }
    return changes.get();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      if (thread != null) {
        thread.join();
      }
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
