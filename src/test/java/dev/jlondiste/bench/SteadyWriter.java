package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Updates rows of a table at a constant rate, one in each transaction, until it is closed. */
final class SteadyWriter implements AutoCloseable {
  private final AtomicBoolean isEnded = new AtomicBoolean();
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong longestNanos = new AtomicLong();
  private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

  /** Zero writes per second: does nothing. */
  static SteadyWriter start(TestDatabase database, String table, long rows, int perSecond) {
    SteadyWriter writer = new SteadyWriter();
    if (perSecond > 0) {
      writer.writing =
          CompletableFuture.runAsync(() -> writer.write(database, table, rows, perSecond));
    }
    return writer;
  }

  private void write(TestDatabase database, String table, long rows, int perSecond) {
    Random random = new Random(4711);
    long interval = Duration.ofSeconds(1).toNanos() / perSecond;
    try (Connection connection = database.connect();
        PreparedStatement update =
            connection.prepareStatement(
                "update " + table + " set owner = owner + 1 where id = ?")) {
      long next = System.nanoTime();
      while (!isEnded.get()) {
        long wait = next - System.nanoTime();
        if (wait > 0) {
          Pause.of(Duration.ofNanos(wait));
        }
        long from = System.nanoTime();
        update.setLong(1, 1 + random.nextLong(rows));
        update.executeUpdate();
        longestNanos.accumulateAndGet(System.nanoTime() - from, Math::max);
        count.incrementAndGet();
        next += interval;
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  double longestMillis() {
    return longestNanos.get() / 1e6;
  }

  long count() {
    return count.get();
  }

  @Override
  public void close() {
    isEnded.set(true);
    writing.join();
  }
}
