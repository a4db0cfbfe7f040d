package dev.jlondiste.admin.compare;

import dev.jlondiste.admin.waiting.Deadline;
import dev.jlondiste.db.TableName;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs from time to time how far the search of a table has come. Thread-safe. */
final class ProgressLog implements DifferenceSearch.Progress {
  private static final Logger log = LoggerFactory.getLogger(ProgressLog.class);
  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final TableName table;
  private final long start = System.nanoTime();
  private Deadline next = Deadline.in(PERIOD);
  private long rows;

  ProgressLog(TableName table) {
    this.table = table;
  }

  @Override
  public synchronized void searched(long read, long estimate) {
    rows += read;
    if (next.isOver() && rows < estimate) {
      next = Deadline.in(PERIOD);
      log.info(
          "{}: {} of about {} rows, about {} left", table, rows, estimate, left(estimate - rows));
    }
  }

  private String left(long rowsLeft) {
    double seconds = (System.nanoTime() - start) / 1e9 / Math.max(1, rows) * rowsLeft;
    return seconds < 120 ? Math.round(seconds) + " s" : Math.round(seconds / 60) + " min";
  }
}
