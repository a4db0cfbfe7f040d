package dev.jlondiste.cluster;

import dev.jlondiste.servers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes to a shop until closed: small transactions of inserts, updates and deletes, some rolled
 * back. Survives restarts of the server.
 */
public final class Load implements AutoCloseable {
  private static final long PAUSE_NANOS = 5_000_000;

  private final TestDatabase target;
  private final List<Thread> writers = new ArrayList<>();
  private final AtomicLong committed = new AtomicLong();
  private volatile boolean stop;

  private Load(TestDatabase target) {
    this.target = target;
  }

  public static Load on(TestDatabase target, int writers, long seed) {
    Load load = new Load(target);
    for (int i = 0; i < writers; i++) {
      Random random = new Random(seed + i);
      Thread writer = new Thread(() -> load.write(random), "load " + i);
      writer.setDaemon(true);
      load.writers.add(writer);
      writer.start();
    }
    return load;
  }

  /** Transactions so far. */
  public long committed() {
    return committed.get();
  }

  private void write(Random random) {
    while (!stop) {
      try (Connection db = target.connect();
          Statement statement = db.createStatement()) {
        db.setAutoCommit(false);
        while (!stop) {
          for (int i = 1 + random.nextInt(3); i > 0; i--) {
            statement.execute(change(random));
          }
          if (random.nextInt(20) == 0) {
            db.rollback();
          } else {
            db.commit();
            committed.incrementAndGet();
          }
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      } catch (SQLException e) {
        LockSupport.parkNanos(20 * PAUSE_NANOS); // deadlock, or the server is being restarted
      }
    }
  }

  private static String change(Random random) {
    int id = 1 + random.nextInt(200);
    return switch (random.nextInt(8)) {
      case 0, 1 -> "insert into journal (amount) values (" + random.nextInt(1000) + ")";
      case 2 -> "update customers set balance = balance + 1.25, seen = now() where id = " + id;
      case 3 ->
          "insert into orders (customer, note) select id, 'load ' || id from customers where id = "
              + id;
      case 4 ->
          "delete from orders where id = (select max(id) from orders where customer = " + id + ")";
      case 5 -> "update customers set name = name || 'x', flag = not flag where id = " + id;
      case 6 -> "delete from \"Odd Table\" where part = " + id;
      default ->
          "insert into \"Odd Table\" select 'k ' || i, i, 'again', null from generate_series("
              + id
              + ", "
              + (id + 2)
              + ") i where not exists (select 1 from \"Odd Table\" where part = i)"
              + " on conflict do nothing";
    };
  }

  /** Ends the load: what was committed stays as it is. */
  public void finish() {
    close();
  }

  @Override
  public void close() {
    stop = true;
    for (Thread writer : writers) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
