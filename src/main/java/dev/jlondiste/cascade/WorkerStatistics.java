package dev.jlondiste.cascade;

import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.Batch;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs statistics of batches in the format of Londiste: {@code {count: 6, duration: 0.0076, idle:
 * 0.039}}. It logs at most one line in {@link #LINE_PERIOD}: the line has the sums and the number
 * of the batches that ended since the previous line. At level DEBUG each batch has its own line.
 * Called by the worker's thread only.
 */
public final class WorkerStatistics {
  private static final Logger log = LoggerFactory.getLogger(WorkerStatistics.class);

  /** A queue can have a hundred ticks a second; a line for each would fill the disk. */
  static final Duration LINE_PERIOD = Duration.ofSeconds(10);

  private final String consumer;
  private final Meters meters;
  private final Clock clock;
  private Instant lastEnd;
  private Instant started;
  private Instant lastLine = Instant.EPOCH;
  private Sum sum = new Sum();

  /** Sums of the batches that are not logged yet. */
  private static final class Sum {
    private final Map<String, Long> counters = new LinkedHashMap<>();
    private int batches;
    private Duration applying = Duration.ZERO;
    private Duration idle = Duration.ZERO;

    void add(Map<String, Long> batch, Duration applying, Duration idle) {
      batch.forEach((name, value) -> counters.merge(name, value, Long::sum));
      batches++;
      this.applying = this.applying.plus(applying);
      this.idle = this.idle.plus(idle);
    }

    String line() {
      StringJoiner line = new StringJoiner(", ", "{", "}");
      if (batches > 1) {
        line.add("batches: " + batches);
      }
      counters.forEach((name, value) -> line.add(name + ": " + value));
      line.add("duration: " + seconds(applying));
      if (counters.getOrDefault("count", 0L) > 0) {
        line.add("idle: " + seconds(idle));
      }
      return line.toString();
    }
  }

  /** Creates statistics; {@code consumer} is the tag of its meters. */
  public WorkerStatistics(String consumer, Meters meters, Clock clock) {
    this.consumer = consumer;
    this.meters = meters;
    this.clock = clock;
    this.lastEnd = clock.instant();
    this.started = lastEnd;
  }

  /** Called when a batch may begin. */
  public void begin() {
    started = clock.instant();
  }

  /** Records a finished batch; returns the age of its tick by the provider's clock. */
  public Duration end(Map<String, Long> counters, Batch batch) {
    Instant now = clock.instant();
    Duration applying = Duration.between(started, now);
    Duration lag = batch.age().plus(applying);
    meters.batch(
        consumer,
        counters.getOrDefault("count", 0L),
        counters.getOrDefault("ignored_events", 0L),
        applying);
    meters.skipped(
        consumer,
        counters.getOrDefault("dead_letters", 0L),
        counters.getOrDefault("discarded_events", 0L));
    meters.lag(consumer, lag);
    if (log.isDebugEnabled()) {
      log.debug("tick {}: {}, {} s", batch.currentTick(), counters, seconds(applying));
    }
    sum.add(counters, applying, Duration.between(lastEnd, started));
    lastEnd = now;
    logIfDue(now);
    return lag;
  }

  /** Logs a line for an idle worker every {@code keepalive_stats}. */
  public void idle(Duration keepalive) {
    Instant now = clock.instant();
    logIfDue(now);
    Duration idle = Duration.between(lastEnd, now);
    if (idle.compareTo(keepalive) >= 0) {
      log.info("{idle: {}}", seconds(idle));
      lastEnd = now;
    }
  }

  private void logIfDue(Instant now) {
    if (sum.batches > 0 && !now.isBefore(lastLine.plus(LINE_PERIOD))) {
      lastLine = now;
      flush();
    }
  }

  /** Logs the sums now, before another line or when the worker ends. */
  public void flush() {
    if (sum.batches > 0) {
      log.info("{}", sum.line());
      sum = new Sum();
    }
  }

  /** Four decimals, no trailing zeros. */
  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 9)
        .setScale(4, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
