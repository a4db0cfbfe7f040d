package dev.jlondiste.bench;

import dev.jlondiste.servers.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Polls the target for the newest row every millisecond, and records when each row was first seen.
 */
final class ArrivalRecorder implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final Probe probe;
  private final long[] seen;
  private final Thread thread = new Thread(this::poll, "arrivals");
  private volatile long last;
  private volatile boolean stopped;
  private volatile @Nullable Exception failure;

  private ArrivalRecorder(Probe probe, int count) {
    this.probe = probe;
    seen = new long[count];
    thread.setDaemon(true);
  }

  static ArrivalRecorder start(TestDatabase target, String table, int count) throws SQLException {
    ArrivalRecorder recorder =
        new ArrivalRecorder(
            new Probe(
                target,
                "select coalesce((select id from " + table + " order by id desc limit 1), 0)"),
            count);
    recorder.thread.start();
    return recorder;
  }

  private void poll() {
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
      throw new IllegalStateException("cannot poll the target: " + reason.getMessage(), reason);
    }
    return last;
  }

  /** Arrival times by row, of {@link System#nanoTime}. */
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
