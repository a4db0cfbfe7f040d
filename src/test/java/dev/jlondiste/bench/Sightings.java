package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks every millisecond for the newest row, and remembers when each was first seen. */
final class Sightings implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final Probe probe;
  private final long[] seen;
  private final Thread thread = new Thread(this::look, "sightings");
  private volatile long last;
  private volatile boolean stopped;
  private volatile @Nullable Exception failure;

  private Sightings(Probe probe, int count) {
    this.probe = probe;
    seen = new long[count];
    thread.setDaemon(true);
  }

  static Sightings start(TestDatabase target, String table, int count) throws SQLException {
    Sightings sightings =
        new Sightings(
            new Probe(
                target,
                "select coalesce((select id from " + table + " order by id desc limit 1), 0)"),
            count);
    sightings.thread.start();
    return sightings;
  }

  private void look() {
    try {
      while (!stopped && last < seen.length) {
        long newest = probe.number();
        long now = System.nanoTime();
        for (long row = last; row < newest; row++) {
          seen[(int) row] = now;
        }
        last = newest;
        Pause.of(INTERVAL);
      }
    } catch (SQLException | InterruptedException e) {
      failure = e;
    }
  }

  long lastSeen() {
    Exception reason = failure;
    if (reason != null) {
      throw new IllegalStateException("cannot look: " + reason.getMessage(), reason);
    }
    return last;
  }

  /** By row, of {@link System#nanoTime}. */
  long[] seen() {
    return seen.clone();
  }

  @Override
  public void close() throws SQLException, InterruptedException {
    stopped = true;
    thread.join();
    probe.close();
  }
}
