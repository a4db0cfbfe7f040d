package dev.jlondiste.cascade;

import dev.jlondiste.metrics.Meters;
import dev.jlondiste.pgq.Batch;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per batch, as operators and their scripts know it: {@code {count: 6, duration: 0.0076,
 * idle: 0.039}}. Called by the worker's thread only.
 */
final class WorkerStatistics {
  private static final Logger log = LoggerFactory.getLogger(WorkerStatistics.class);

  private final String consumer;
  private final Meters meters;
  private final Clock clock;
  private Instant lastEnd;
  private Instant started;

  WorkerStatistics(String consumer, Meters meters, Clock clock) {
    this.consumer = consumer;
    this.meters = meters;
    this.clock = clock;
    this.lastEnd = clock.instant();
    this.started = lastEnd;
  }

  void begin() {
    started = clock.instant();
  }

  /** Returns how old the batch's tick is by now, by the provider's clock. */
  Duration end(Map<String, Long> counters, Batch batch) {
    Instant now = clock.instant();
    Duration lag = batch.age().plus(Duration.between(started, now));
    meters.batch(
        consumer,
        counters.getOrDefault("count", 0L),
        counters.getOrDefault("ignored_events", 0L),
        Duration.between(started, now));
    meters.lag(consumer, lag);
    StringJoiner line = new StringJoiner(", ", "{", "}");
    counters.forEach((name, value) -> line.add(name + ": " + value));
    line.add("duration: " + seconds(Duration.between(started, now)));
    if (counters.getOrDefault("count", 0L) > 0) {
      line.add("idle: " + seconds(Duration.between(lastEnd, started)));
    }
    log.info("{}", line);
    lastEnd = now;
    return lag;
  }

  /** Nothing to do: says so every {@code keepalive}. */
  void idle(Duration keepalive) {
    Instant now = clock.instant();
    Duration idle = Duration.between(lastEnd, now);
    if (idle.compareTo(keepalive) >= 0) {
      log.info("{idle: {}}", seconds(idle));
      lastEnd = now;
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
